// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config.load;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A settings file. The tree is read as nodes, not as Java values: so each value is the text that
 * was written ({@code on}, a hash of digits, a time) and knows its line.
 */
final class SettingsFile {

  private static final int DEEPEST = 10;

  private final String name;
  private final List<String> problems;
  private final List<GivenValue> values = new ArrayList<>();
  private final Map<String, Integer> lines = new HashMap<>();

  private SettingsFile(String name, List<String> problems) {
    this.name = name;
    this.problems = problems;
  }

  /** Reads a file; what is wrong with it is added to the problems. */
  static List<GivenValue> read(Path path, List<String> problems) {
    SettingsFile file = new SettingsFile(path.toString(), problems);
    try (Reader reader = Files.newBufferedReader(path)) {
      Node root = new Yaml(new LoaderOptions()).compose(reader);
      if (root != null) {
        file.collect("", root, 0);
      }
    } catch (MarkedYAMLException e) {
      problems.add(path + " " + line(e) + ": is not YAML: " + e.getProblem());
    } catch (YAMLException e) {
      problems.add(path + ": is not YAML: " + e.getMessage());
    } catch (IOException e) {
      problems.add(path + ": cannot be read: " + (Files.exists(path) ? e : "no such file"));
    }
    return file.values;
  }

  private void collect(String key, Node node, int depth) {
    if (depth > DEEPEST) {
      problems.add(where(key, node) + ": nested too deeply");
    } else if (node instanceof ScalarNode scalar) {
      add(key, scalar);
    } else if (node instanceof SequenceNode sequence) {
      for (int i = 0; i < sequence.getValue().size(); i++) {
        collect(key + "[" + i + "]", sequence.getValue().get(i), depth + 1);
      }
    } else if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        collect(child(key, tuple.getKeyNode()), tuple.getValueNode(), depth + 1);
      }
    }
  }

  private static String child(String key, Node name) {
    String text = name instanceof ScalarNode scalar ? scalar.getValue() : "?";
    return key.isEmpty() ? text : key + "." + text;
  }

  private void add(String key, ScalarNode scalar) {
    if (key.isEmpty()) {
      problems.add(name + ": is not a settings file; write for example \"http: {port: 8080}\"");
      return;
    }
    Integer before = lines.putIfAbsent(key, lineOf(scalar));
    if (before != null) {
      problems.add(where(key, scalar) + ": is already set in line " + before);
      return;
    }
    // A key without a value, "~" and "null" leave the default.
    boolean none = scalar.isPlain() && scalar.getValue().matches("|~|null");
    values.add(new GivenValue(key, none ? "" : scalar.getValue(), where(key, scalar)));
  }

  private String where(String key, Node node) {
    return name + " line " + lineOf(node) + ": " + key;
  }

  private static int lineOf(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  private static String line(MarkedYAMLException e) {
    return e.getProblemMark() == null ? "" : "line " + (e.getProblemMark().getLine() + 1);
  }
}
