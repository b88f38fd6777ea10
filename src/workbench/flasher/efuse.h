/* One-time memory: the encryption key in eFuse, and the OTP windows of newer chips. Only boot ROMs
 * (family F) let it be read. Registers that had to be changed for it get their values back. */
#ifndef WORKBENCH_FLASHER_EFUSE_H
#define WORKBENCH_FLASHER_EFUSE_H
#include "workbench/flasher/session.h"

/* Reads the key into s->chip; has_key stays false where none can be read. Takes some sixty
 * questions. */
enum status efuse_read_key(struct session *s);
enum { EFUSE_OTP_MAX = 4096 };
/* How many bytes of OTP this chip shows, at most EFUSE_OTP_MAX; 0: none. */
uint32_t efuse_otp_size(const struct session *s);
/* Reads them, window behind window, each word twice; takes a while (two questions a word). */
enum status efuse_read_otp(struct session *s, uint8_t *data);
#endif
