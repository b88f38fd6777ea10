/* /api/v2: everything that the pages of the plug ask for, and good for programs too. JSON, UTF-8;
 * mistakes answer {"error":status,"msg":"one sentence","field":"which setting"}. Each handler makes
 * its answer in pieces of at most HTTP_PIECE bytes; where it is lies in x->cursor. */
#ifndef DEVICE_SERVICE_API_V2_H
#define DEVICE_SERVICE_API_V2_H
#include "codec/net/json.h"
#include "device/service/http/http.h"

extern const struct http_route api_v2_routes[];
extern const struct http_route page_routes[];

/* Handlers, by file. */
http_handler api_state, api_events;                  /* api_live.c */
http_handler api_history;                            /* api_history.c */
http_handler api_energy;                             /* api_energy.c */
http_handler api_settings_get, api_settings_post;    /* api_settings.c */
http_handler api_pins_get, api_pins_post;            /* api_pins.c */
http_handler api_channels_get, api_channels_post;    /* api_channels.c */
http_handler api_script_check, api_log;              /* api_script.c */
http_handler api_files, api_file_get, api_file_put;  /* api_files.c */
http_handler api_file_delete;                        /* api_files.c */
http_handler api_backup, api_restore, api_import;    /* api_backup.c */
http_handler api_restart, api_factory, api_discover; /* api_v2.c */
bool api_file_take(struct device *d, struct http_exchange *x, const uint8_t *data, size_t size);
bool api_restore_take(struct device *d, struct http_exchange *x, const uint8_t *data, size_t size);

/* --- what they share (api_v2.c) --- */

/* {"error":400,"msg":"…","field":"…"}; field may be NULL. */
void api_error(struct http_exchange *x, unsigned status, const char *message, const char *field);
/* The answer to a change: {"ok":true,"changed":n,"restart":…}. */
void api_changed(struct http_exchange *x, unsigned changed, bool restart);
/* Adds some of `value`, escaped, from *at on; true when all of it is out. */
bool api_text_piece(struct text *out, const char *value, uint32_t *at);
/* The members of {"<list>":[{…},{…}]} whose values are whole numbers: calls `row` after each object
 * with the numbers by the order of `names`; absent ones are INT32_MIN. False, answered, when the
 * body is no such document or `row` says what is wrong. */
enum { API_ROW_MAX = 4 };
struct api_rows {
    const char *list;
    const char *names[API_ROW_MAX];
    /* NULL: good. */
    const char *(*row)(struct device *d, const int32_t *numbers, bool apply);
};
bool api_rows_run(struct device *d, struct http_exchange *x, const struct api_rows *rows,
                  unsigned *count);
/* Begins an upload into a file; answers and returns false when another one runs. */
bool api_upload_begin(struct device *d, struct http_exchange *x, const char *name);
bool api_upload_add(struct device *d, struct http_exchange *x, const uint8_t *data, size_t size);
/* Makes the file visible. */
enum status api_upload_end(struct device *d, const struct http_exchange *x);
/* For takers: `data` NULL means that the connection broke. */
void api_upload_drop(struct device *d, const struct http_exchange *x);
/* Taker and handler of an upload of firmware. */
bool api_update_take(struct device *d, struct http_exchange *x, const uint8_t *data, size_t size);
void api_update_done(struct device *d, struct http_exchange *x);
#endif
