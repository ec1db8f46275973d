// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.preview;

import dev.redrive.config.PipelineSettings;
import dev.redrive.config.Settings;
import dev.redrive.dialect.Replays;
import dev.redrive.filter.Attribute;
import dev.redrive.filter.DetailView;
import dev.redrive.filter.LetterFilter;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.Letter;
import dev.redrive.preview.DetailMask.Masked;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is hidden in letters, by their pipeline. Rules hold when a letter is looked at, not when it
 * is kept: a changed rule holds for old letters too, and replays send what was there.
 */
public final class Masks implements DetailView {
  public static final Masks NONE =
      new Masks(new MaskRules(List.of(), Set.of(), List.of()), Map.of());

  private final MaskRules everywhere;
  private final Map<String, MaskRules> declared;

  private Masks(MaskRules everywhere, Map<String, MaskRules> declared) {
    this.everywhere = everywhere;
    this.declared = declared;
  }

  public static Masks of(Settings settings) {
    MaskRules everywhere = MaskRules.of(settings.masks());
    Map<String, MaskRules> declared = new HashMap<>();
    for (PipelineSettings pipeline : settings.pipelines()) {
      declared.put(pipeline.id(), everywhere.and(MaskRules.of(pipeline.masks())));
    }
    return new Masks(everywhere, Map.copyOf(declared));
  }

  /**
   * What somebody sees of a letter.
   *
   * @param reveals whether they may see through masks
   */
  public Seen seen(Letter letter, boolean reveals) {
    MaskRules rules = rules(letter.head().facts().pipelineId());
    if (reveals || rules.none()) {
      return new Seen(letter, Replays.payload(letter.detail()).orElse(null), null);
    }
    Masked masked = new DetailMask(rules).apply(letter.detail());
    return new Seen(
        new Letter(letter.id(), letter.head(), masked.detail()), masked.payload(), masked.hidden());
  }

  /**
   * A text that was taken out of letters, such as a group's title, for somebody who may not see
   * through masks. Where values are hidden by their place, nobody can tell here whether the text
   * repeats one, so it is hidden whole.
   *
   * @param pipelines whose letters; empty: nobody knows, so the rules of all hold
   */
  public String text(Set<String> pipelines, String text) {
    List<MaskRules> held = new ArrayList<>(List.of(everywhere));
    held.addAll(
        pipelines.isEmpty() ? declared.values() : pipelines.stream().map(this::rules).toList());
    String cleaned = text;
    for (MaskRules rules : held) {
      if (!rules.paths().isEmpty() || !rules.headers().isEmpty()) {
        return MaskRules.MASK;
      }
      cleaned = rules.clean(cleaned);
    }
    return cleaned;
  }

  /**
   * A filter as somebody sees it who may not see through masks: who may, can have looked for a text
   * that is hidden from others.
   */
  public LetterFilter shown(LetterFilter filter) {
    if (filter.masked()) {
      return filter;
    }
    Set<String> pipelines = filter.values(Attribute.PIPELINE);
    LetterFilter.Text text = filter.text();
    return filter.with(
        new LetterFilter.Text(
            shown(pipelines, text.errorMessage()),
            text.recordId(),
            shown(pipelines, text.payload()),
            shown(pipelines, text.header())));
  }

  private @Nullable String shown(Set<String> pipelines, @Nullable String text) {
    return text == null ? null : text(pipelines, text);
  }

  @Override
  public FailureDetail masked(String pipelineId, FailureDetail detail) {
    MaskRules rules = rules(pipelineId);
    return rules.none() ? detail : new DetailMask(rules).apply(detail).detail();
  }

  MaskRules rules(String pipelineId) {
    return declared.getOrDefault(pipelineId, everywhere);
  }
}
