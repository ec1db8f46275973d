// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a setting does, and within which range. The settings table and the check of values are both
 * made from it, so they cannot disagree.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Doc {

  /** For an operator, one or two sentences. */
  String value();

  /** Smallest value, written as a value of the setting is; empty for none. */
  String min() default "";

  /** Largest value, written as a value of the setting is; empty for none. */
  String max() default "";

  /** How the table shows a default that is computed or absent. */
  String byDefault() default "";

  /** The value is never printed. */
  boolean secret() default false;
}
