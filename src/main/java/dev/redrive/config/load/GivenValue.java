// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config.load;

/**
 * A value that somebody wrote.
 *
 * @param key in the spelling of the file, indexes included
 * @param where as an operator finds it: {@code redrive.yaml line 3: http.port}, {@code
 *     REDRIVE_HTTP_PORT}, {@code --set http.port}
 */
record GivenValue(String key, String value, String where) {}
