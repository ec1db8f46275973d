/** Dead letters of Spring. May use letter, {@code convention} and {@code header}. */
@NullMarked
package dev.redrive.dialect.spring;

import org.jspecify.annotations.NullMarked;
