/**
 * Reads the records of error topics as failures, whoever wrote them, and makes the records that
 * replays send. What callers need is here; the conventions are in a package for each family of
 * producers, what they have in common in {@code convention}, and how headers are read in {@code
 * header}. Pure functions over a record's bytes, which never throw on any of them. Uses the letter
 * package and Jackson.
 */
@NullMarked
package dev.redrive.dialect;

import org.jspecify.annotations.NullMarked;
