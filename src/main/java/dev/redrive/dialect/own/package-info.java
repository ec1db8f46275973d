/**
 * Redrive's own contract: its headers and its JSON envelope. May use letter, {@code convention},
 * {@code header} and Jackson.
 */
@NullMarked
package dev.redrive.dialect.own;

import org.jspecify.annotations.NullMarked;
