/*
 * Trains a network on Fashion-MNIST, shows what it has learned, saves it and loads it again.
 *
 *     cc -std=c11 fashion.c -o fashion $(pkg-config --cflags --libs jacquard zlib)
 *     ./fashion [FOLDER [IMAGES [EPOCHS]]]
 *
 * If FOLDER does not contain the four files, plain or gzip, it generates images: bright squares whose position is the class.
 */
#include <jacquard.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { SIDE = 28, PIXELS = SIDE * SIDE, CLASSES = 10 };

typedef struct {
    uint8_t *pixels;
    int32_t *labels;
    size_t count;
} data_set;

/* Reads the bytes after an IDX file's header; zlib reads plain files too. Returns the number of items found. */
static size_t read_idx(const char *folder, const char *name, size_t header, size_t size, uint8_t *bytes, size_t count) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.gz", folder, name);
    gzFile file = gzopen(path, "rb");
    if (file == NULL) {
        path[strlen(path) - 3] = '\0';
        file = gzopen(path, "rb");
    }
    if (file == NULL) return 0;
    uint8_t skipped[16];
    int found = gzread(file, skipped, (unsigned)header) == (int)header ? gzread(file, bytes, (unsigned)(count * size)) : 0;
    gzclose(file);
    return found > 0 ? (size_t)found / size : 0;
}

static data_set read_set(const char *folder, const char *prefix, size_t count) {
    data_set set = {malloc(count * PIXELS), malloc(count * sizeof(int32_t)), count};
    uint8_t *labels = malloc(count);
    if (set.pixels == NULL || set.labels == NULL || labels == NULL) exit(1);
    char images_name[64], labels_name[64];
    snprintf(images_name, sizeof images_name, "%s-images-idx3-ubyte", prefix);
    snprintf(labels_name, sizeof labels_name, "%s-labels-idx1-ubyte", prefix);
    size_t images = read_idx(folder, images_name, 16, PIXELS, set.pixels, count);
    if (images > 0 && read_idx(folder, labels_name, 8, 1, labels, count) == images) {
        set.count = images;
        for (size_t i = 0; i < images; i++) set.labels[i] = labels[i];
    } else {
        memset(set.pixels, 20, count * PIXELS);
        for (size_t i = 0; i < count; i++) {
            size_t top = i % CLASSES / 5 * 14 + 4, left = i % CLASSES % 5 * 5;
            set.labels[i] = (int32_t)(i % CLASSES);
            for (size_t row = top; row < top + 6; row++)
                memset(set.pixels + i * PIXELS + row * SIDE + left, 200 + (int)(i % 50), 6);
        }
    }
    free(labels);
    return set;
}

/* Ends the program with the library's message if a call failed. */
static void check(jacquard_status status) {
    if (status == JACQUARD_OK) return;
    fprintf(stderr, "fashion: %s\n", jacquard_error_message());
    exit(1);
}

static int32_t show(const jacquard_progress *progress, void *context) {
    (void)context;
    if (progress->ends_epoch)
        printf("epoch %d: loss %.4f, accuracy %.4f\n", (int)progress->epoch, progress->loss, progress->accuracy);
    return 0; /* continue */
}

int main(int count, char **arguments) {
    const char *folder = count > 1 ? arguments[1] : "/usr/share/datasets/fashion-mnist";
    size_t images = count > 2 ? strtoul(arguments[2], NULL, 10) : 60000;
    if (images == 0) images = 1;
    if (images > 1000000) images = 1000000; /* more than any of the files contains; products with PIXELS do not overflow */
    data_set train = read_set(folder, "train", images);
    data_set test = read_set(folder, "t10k", images < 10000 ? images : 10000);

    jacquard_model *model = NULL;
    check(jacquard_model_create("lenet", 1, &model));
    printf("%zu parameters, %zu images\n", jacquard_model_parameter_count(model), train.count);

    /* The pixels are used in place: nothing is copied. */
    jacquard_samples samples = {.bytes = train.pixels, .pixel_count = train.count * PIXELS,
                                .labels = train.labels, .label_count = train.count};
    jacquard_training training;
    check(jacquard_training_defaults(&training));
    training.schedule = JACQUARD_COSINE; /* gives the same bits as `jacquard train --model lenet` */
    training.epochs = count > 3 ? (int32_t)strtol(arguments[3], NULL, 10) : 2;
    jacquard_trainer *trainer = NULL;
    check(jacquard_trainer_create(model, &training, &samples, &trainer));
    check(jacquard_trainer_run(trainer, show, NULL));
    jacquard_trainer_free(trainer);

    jacquard_samples questions = {.bytes = test.pixels, .pixel_count = test.count * PIXELS,
                                  .labels = test.labels, .label_count = test.count};
    jacquard_evaluation evaluation;
    check(jacquard_evaluate(model, &questions, 0, &evaluation));
    printf("test: loss %.4f, accuracy %.4f\n", evaluation.loss, evaluation.accuracy);

    check(jacquard_model_save(model, "fashion.safetensors"));
    jacquard_model_free(model);
    check(jacquard_model_load("fashion.safetensors", &model));

    float probabilities[CLASSES];
    jacquard_samples first = {.bytes = test.pixels, .pixel_count = PIXELS};
    check(jacquard_predict(model, &first, 1, probabilities, CLASSES));
    size_t best = 0;
    for (size_t i = 1; i < CLASSES; i++)
        if (probabilities[i] > probabilities[best]) best = i;
    printf("the first test image: %s, %.1f %%\n", jacquard_model_class_name(model, best), 100 * probabilities[best]);

    jacquard_model_free(model);
    free(train.pixels), free(train.labels), free(test.pixels), free(test.labels);
    return 0;
}
