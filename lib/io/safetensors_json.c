/* SPDX-License-Identifier: MIT */
#include "io/safetensors_json.h"

#include <jansson.h>

#define OBJECTS_MAX 2 /* the header, a tensor in it; lists hold numbers alone */
#define TOO_DEEP "the header nests deeper than a tensor's shape"

/* Jansson's parser and its release recurse once per level, and small objects are what costs most
 * memory for a byte of text: nesting that no header has is refused before it is parsed. So is what
 * is not one object and blanks, which would reach the list the parser is given. Answers what is
 * wrong, or NULL and the longest string, its quotes included. */
static const char *scan(const char *text, size_t bytes, size_t *longest)
{
    size_t objects = 0, begin = 0;
    int in_string = 0, in_list = 0;
    *longest = 0;
    if (bytes == 0 || text[0] != '{')
        return "no safetensors file: its header does not begin with '{'";
    for (size_t i = 0; i < bytes; i++) {
        char c = text[i];
        if (i > 0 && objects == 0 && c != ' ' && c != '\t' && c != '\n' && c != '\r')
            return "the header is not JSON: more follows its object";
        if (in_string && c == '\\') i++;
        if (c == '"') {
            if (in_string && i + 1 - begin > *longest) *longest = i + 1 - begin;
            begin = i;
            in_string = !in_string;
        }
        if (in_string) continue;
        if (in_list && (c == '{' || c == '[')) return TOO_DEEP;
        if (c == '{' && ++objects > OBJECTS_MAX) return TOO_DEEP;
        if (c == '}') objects--;
        if (c == '[' || c == ']') in_list = c == '[';
    }
    return objects > 0 ? "the header is not JSON: its object does not end" : NULL;
}

/* Jansson loses a byte of a token, the closing quote too, when its buffer cannot grow. So it gets
 * ["xxx...",HEADER]: the buffer grows over a string longer than any token of the header, where a
 * lost byte means nothing, and whose closing quote is not where it grows: after a power of two. */
struct feed {
    const char *text;
    size_t bytes, filling, at;
};

#define FILLING_MORE 32 /* digits of a number */

/* A json_load_callback_t. */
static size_t feed(void *to, size_t room, void *user)
{
    struct feed *from = user;
    size_t n = 0, header = from->filling + 4, end = header + from->bytes;
    for (; n < room && from->at <= end; n++, from->at++) {
        size_t at = from->at;
        char c = 'x';
        if (at == 0) c = '[';
        if (at == 1 || at == header - 2) c = '"';
        if (at == header - 1) c = ',';
        if (at >= header) c = at < end ? from->text[at - header] : ']';
        ((char *)to)[n] = c;
    }
    return n;
}

static json_t *load(const char *text, size_t bytes, size_t longest, json_error_t *error)
{
    struct feed from = {text, bytes, longest + FILLING_MORE, 0};
    size_t token = from.filling + 2;
    from.filling += (token & (token - 1)) == 0;
    json_t *list = json_load_callback(feed, &from, JSON_REJECT_DUPLICATES, error);
    int before = (int)from.filling + 4;
    error->position = error->position > before ? error->position - before : 0;
    json_t *header = json_incref(json_array_get(list, 1));
    json_decref(list);
    return header;
}

/* Whether Jansson can have as much memory as most headers take: some lack of it is reported as an
 * error of syntax. */
static int has_memory(size_t bytes)
{
    json_malloc_t take;
    json_free_t give;
    json_get_alloc_funcs(&take, &give);
    void *memory = take(VAE__HEADER_FACTOR / 2 * bytes);
    if (memory) give(memory);
    return memory != NULL;
}

static vae_status fail_header_memory(const struct vae__reader *reader, size_t bytes)
{
    return vae__fail_in(VAE_ENOMEM, reader->who, "out of memory for a header of %zu bytes", bytes);
}

vae_status vae__json_parse(struct vae__reader *reader, const char *text, size_t bytes)
{
    json_error_t error, again;
    size_t longest;
    const char *wrong = scan(text, bytes, &longest);
    if (wrong) return vae__fail_in(VAE_EFORMAT, reader->who, "%s", wrong);
    if (!has_memory(bytes)) return fail_header_memory(reader, bytes);
    reader->header = load(text, bytes, longest, &error);
    if (reader->header) return VAE_OK;
    json_t *header = load(text, bytes, longest, &again);
    json_decref(header);
    if (header || error.text[0] == '\0' || again.text[0] == '\0' || !has_memory(bytes))
        return fail_header_memory(reader, bytes);
    return vae__fail_in(VAE_EFORMAT, reader->who, "the header is not JSON: %.100s (at byte %d)",
                        error.text, error.position);
}
