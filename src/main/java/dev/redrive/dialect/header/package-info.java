/**
 * Reads a record's headers: one pass for all conventions, values in the encoding that a convention
 * fixes, hops paired by block. What can't be read is a warning. May use letter.
 */
@NullMarked
package dev.redrive.dialect.header;

import org.jspecify.annotations.NullMarked;
