/**
 * What a convention is: the record it is given, the proof it looks for, what it tells, and what a
 * replay takes off again. May use letter and {@code header}.
 */
@NullMarked
package dev.redrive.dialect.convention;

import org.jspecify.annotations.NullMarked;
