/* Where messages go. Nothing below the application prints: it calls a sink that its caller gave
 * it, with a level and a module name, so that the same code talks to a terminal, to a plug's log
 * page or to a test. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

struct log_sink {
    void (*line)(void *context, enum log_level level, const char *module, const char *text);
    void *context;
};

/* Sends one line; a NULL sink or a sink without function swallows it. */
static inline void log_line(const struct log_sink *sink, enum log_level level, const char *module,
                            const char *text) {
    if (sink && sink->line)
        sink->line(sink->context, level, module, text);
}
#endif
