#pragma once
#include <png.h>
#include <string.h>

// libpng reports errors by a jump, which may pass over frames of C but not of Swift. These three functions are where it
// lands. Its simplified interface needs no jumps, but converts colors by gamma, which other readers do not.

typedef struct {
  png_structp png;
  png_infop info;
  const png_byte *bytes;
  size_t count;
  size_t place;
  png_uint_32 width;
  png_uint_32 height;
  char error[160];
  char warning[160];
} jacquard_png_reader;

static inline void jacquard_png_fail(png_structp png, png_const_charp message) {
  jacquard_png_reader *reader = (jacquard_png_reader *)png_get_error_ptr(png);
  strncpy(reader->error, message, sizeof reader->error - 1);
  png_longjmp(png, 1);
}

// The first warning says what is wrong; others follow from it.
static inline void jacquard_png_warn(png_structp png, png_const_charp message) {
  jacquard_png_reader *reader = (jacquard_png_reader *)png_get_error_ptr(png);
  if (reader->warning[0] == 0) strncpy(reader->warning, message, sizeof reader->warning - 1);
}

static inline void jacquard_png_copy(png_structp png, png_bytep target, size_t count) {
  jacquard_png_reader *reader = (jacquard_png_reader *)png_get_io_ptr(png);
  if (count > reader->count - reader->place) png_error(png, "the file ends early");
  memcpy(target, reader->bytes + reader->place, count);
  reader->place += count;
}

static inline void jacquard_png_use(jacquard_png_reader *reader) {
  png_set_error_fn(reader->png, reader, jacquard_png_fail, jacquard_png_warn);
  png_set_read_fn(reader->png, reader, jacquard_png_copy);
}

// Reads up to the first pixels. Returns 0 after an error. The bytes stay where they are until the reader is freed.
static inline int jacquard_png_begin(jacquard_png_reader *reader, const png_byte *bytes, size_t count) {
  reader->bytes = bytes;
  reader->count = count;
  reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, jacquard_png_fail, jacquard_png_warn);
  if (reader->png == NULL) return 0;
  reader->info = png_create_info_struct(reader->png);
  if (reader->info == NULL) return 0;
  if (setjmp(png_jmpbuf(reader->png))) return 0;
  jacquard_png_use(reader);
#ifdef PNG_HANDLE_AS_UNKNOWN_SUPPORTED
  // Pixels stay as they are stored, whatever these say about colors, so what is wrong with them does not matter.
  png_set_keep_unknown_chunks(reader->png, PNG_HANDLE_CHUNK_NEVER, (png_const_bytep) "iCCP\0gAMA\0cHRM\0sRGB", 4);
#endif
  png_read_info(reader->png, reader->info);
  reader->width = png_get_image_width(reader->png, reader->info);
  reader->height = png_get_image_height(reader->png, reader->info);
  return 1;
}

// Reads the pixels, red, green, blue and opacity with 8 bits each; of 16 bits the upper 8. Returns 0 after an error.
static inline int jacquard_png_finish(jacquard_png_reader *reader, png_byte *pixels) {
  if (setjmp(png_jmpbuf(reader->png))) return 0;
  jacquard_png_use(reader);
  png_set_expand(reader->png);
  png_set_strip_16(reader->png);
  png_set_gray_to_rgb(reader->png);
  png_set_add_alpha(reader->png, 0xFF, PNG_FILLER_AFTER);
  int passes = png_set_interlace_handling(reader->png);
  png_read_update_info(reader->png, reader->info);
  size_t stride = png_get_rowbytes(reader->png, reader->info);
  if (stride != (size_t)reader->width * 4) png_error(reader->png, "its rows have another length than its header says");
  for (int pass = 0; pass < passes; pass++) {
    for (png_uint_32 row = 0; row < reader->height; row++) png_read_row(reader->png, pixels + row * stride, NULL);
  }
  return 1;
}

static inline void jacquard_png_free(jacquard_png_reader *reader) {
  png_destroy_read_struct(&reader->png, &reader->info, NULL);
}
