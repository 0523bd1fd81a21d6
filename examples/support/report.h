/* SPDX-License-Identifier: MIT */
/* How these programs say what went wrong: what fails leaves a sentence, main prints it. */
#ifndef EXAMPLES_REPORT_H
#define EXAMPLES_REPORT_H

#if defined(__GNUC__) || defined(__clang__)
#define REPORT_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define REPORT_PRINTF(text, first)
#endif

/* Leaves a sentence and answers -1, for `return failed("%s: ...", path);`. */
int failed(const char *format, ...) REPORT_PRINTF(1, 2);

/* The same after a call of libvae has failed: what was being done, then vae_last_error(). */
int failed_vae(const char *format, ...) REPORT_PRINTF(1, 2);

/* The same after a call of the C library has failed: what was being done, then errno's meaning. */
int failed_system(const char *format, ...) REPORT_PRINTF(1, 2);

/* The sentence of the latest failure; "" before the first. */
const char *failure(void);

/* -1, with a sentence, when something printed on standard output has not arrived. A program's last
 * words: lines that went out one by one may have failed long before. */
int finish_printing(void);

/* Prints "program: sentence" on standard error and answers 1, the exit status of a failure. */
int report_failure(const char *program);

#endif
