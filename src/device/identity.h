/* Who this device says it is: to brokers, scanners and pages. The prefixes are OpenBeken's, so
 * that names and unique ids stay what controllers already know. */
#ifndef DEVICE_IDENTITY_H
#define DEVICE_IDENTITY_H

struct device;

const char *identity_version(void); /* "0.1.0" */
/* Maker of the chip: "Beken Corporation", … */
const char *identity_maker(const struct device *d);
/* Dotted address into a buffer of 16 bytes; "0.0.0.0" without network. */
void identity_address(const struct device *d, char *buffer);
/* Twelve digits into a buffer of 13, with `between` (0: nothing) 18 bytes. */
void identity_mac(const struct device *d, char *buffer, char between);
#endif
