/* Numbers as scripts and settings write them. */
#ifndef DEVICE_NUMBER_H
#define DEVICE_NUMBER_H
#include <stddef.h>
#include <stdint.h>

/* C's truncation, with everything outside the range and NaN defined as the nearest or 0. */
int32_t number_int(float value);
/* The number a text begins with, as C's atof: decimal, exponent, 0x; 0 when there is none. */
float number_read(const char *text, size_t length);
#endif
