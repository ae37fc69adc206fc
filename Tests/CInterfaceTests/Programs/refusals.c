/* Every wrong argument is an error with a code and a message, and changes nothing. */
#include "expect.h"
#include <sys/stat.h>

static void refused(int line, jacquard_status found, jacquard_status expected, const char *words) {
    if (found != expected || jacquard_error_code() != expected || strstr(jacquard_error_message(), words) == NULL) {
        printf("refusals.c:%d: expected %d with \"%s\", found %d: %s\n", line, expected, words, found,
               jacquard_error_message());
        failures++;
    }
}

#define REFUSED(call, status, words) refused(__LINE__, (call), JACQUARD_##status, (words))

/* A call that answers 0 or NULL; the message must be its own. */
#define MISSING(value, words)                                                                                          \
    do {                                                                                                               \
        jacquard_training_defaults(NULL);                                                                              \
        EXPECT((value) == 0);                                                                                          \
        refused(__LINE__, JACQUARD_BAD_ARGUMENT, JACQUARD_BAD_ARGUMENT, words);                                        \
    } while (0)

static void models(void) {
    jacquard_model *model = (jacquard_model *)small_pixels; /* must become NULL */
    REFUSED(jacquard_model_create("lenett", 1, &model), BAD_MODEL, "did you mean \"lenet\"");
    EXPECT(model == NULL);
    REFUSED(jacquard_model_create("mobilenet:32x32", 1, &model), BAD_MODEL, "height, width and channels");
    REFUSED(jacquard_model_create("mobilenet:8x8x3", 1, &model), BAD_MODEL, "too small");
    EXPECT(jacquard_model_create("mobilenet:32x32x3:7", 1, &model) == JACQUARD_OK);
    EXPECT(jacquard_model_class_count(model) == 7);
    jacquard_model_free(model);
    REFUSED(jacquard_model_create("", 1, &model), BAD_MODEL, "there is no model");
    REFUSED(jacquard_model_create(NULL, 1, &model), BAD_ARGUMENT, "name_or_json is NULL");
    REFUSED(jacquard_model_create("lenet", 1, NULL), BAD_ARGUMENT, "model is NULL");
    REFUSED(jacquard_model_create("\xff\xfe", 1, &model), BAD_ARGUMENT, "not UTF-8");
    REFUSED(jacquard_model_create("{", 1, &model), BAD_MODEL, "JSON");
    REFUSED(jacquard_model_create("{\"name\": \"x\", \"input_shape\": [2], \"layers\": []}", 1, &model), BAD_MODEL, "layers");
    REFUSED(jacquard_model_create("{\"name\": \"x\", \"input_shape\": [2], \"layers\": [{\"type\": \"conv2d\", "
                                  "\"output_channels\": 1, \"kernel_size\": 3}]}", 1, &model), BAD_MODEL, "conv1");
    REFUSED(jacquard_model_load("/nowhere/model.safetensors", &model), NO_FILE, "/nowhere/model.safetensors");
    REFUSED(jacquard_model_load(NULL, &model), BAD_ARGUMENT, "path is NULL");
    REFUSED(jacquard_model_load("/", &model), NO_FILE, "/: cannot read");
    REFUSED(jacquard_model_load("/dev/null", &model), BAD_FILE, "not an acceptable safetensors file");
    REFUSED(jacquard_model_load("", &model), NO_FILE, "");
    EXPECT(model == NULL);
    jacquard_model_free(NULL);
    jacquard_trainer_free(NULL);

    size_t shape[3];
    MISSING(jacquard_model_parameter_count(NULL), "model is NULL");
    MISSING(jacquard_model_class_count(NULL), "model is NULL");
    MISSING(jacquard_model_tensor_count(NULL), "model is NULL");
    MISSING(jacquard_model_class_name(NULL, 0), "model is NULL");
    REFUSED(jacquard_model_input_shape(NULL, shape), BAD_ARGUMENT, "model is NULL");
    REFUSED(jacquard_model_save(NULL, "x"), BAD_ARGUMENT, "model is NULL");
    REFUSED(jacquard_model_load_weights(NULL, "x"), BAD_ARGUMENT, "model is NULL");
}

static void files(jacquard_model *model) {
    jacquard_model *other = NULL, *loaded = NULL;
    REFUSED(jacquard_model_save(model, "/nowhere/model.safetensors"), CANNOT_WRITE, "/nowhere");
    REFUSED(jacquard_model_save(model, NULL), BAD_ARGUMENT, "path is NULL");
    EXPECT(jacquard_model_save(model, "small.safetensors") == JACQUARD_OK);
    EXPECT(jacquard_model_create("lenet", 1, &other) == JACQUARD_OK);
    REFUSED(jacquard_model_load_weights(other, "small.safetensors"), BAD_FILE, "belong to the model \"lenet\"");
    REFUSED(jacquard_model_load_weights(other, "/nowhere"), NO_FILE, "/nowhere");

    FILE *file = fopen("small.safetensors", "r+b");
    EXPECT(file != NULL && fseek(file, 0, SEEK_END) == 0 && fputc('x', file) != EOF && fclose(file) == 0);
    REFUSED(jacquard_model_load("small.safetensors", &loaded), BAD_FILE, "1 bytes follow the last tensor");

    /* A run folder without weights, with damaged ones, and with sound ones. */
    const char *const weights = "run/weights/last.safetensors";
    EXPECT(mkdir("run", 0700) == 0 && mkdir("run/weights", 0700) == 0);
    REFUSED(jacquard_model_load("run", &loaded), NO_FILE, "run: cannot read");
    file = fopen(weights, "wb");
    EXPECT(file != NULL && fputs("damaged", file) != EOF && fclose(file) == 0);
    REFUSED(jacquard_model_load("run", &loaded), BAD_FILE, weights);
    REFUSED(jacquard_model_load_weights(other, "run"), BAD_FILE, weights);
    EXPECT(loaded == NULL);
    EXPECT(jacquard_model_save(other, weights) == JACQUARD_OK);
    EXPECT(jacquard_model_load("run", &loaded) == JACQUARD_OK);
    EXPECT(remove(weights) == 0 && remove("run/weights") == 0 && remove("run") == 0);
    jacquard_model_free(loaded);
    jacquard_model_free(other);
}

static void predictions(jacquard_model *model) {
    float out[SMALL_COUNT * SMALL_CLASSES], numbers[SMALL_PIXELS] = {0};
    jacquard_evaluation evaluation;
    const jacquard_samples good = small_samples();
    size_t room = SMALL_COUNT * SMALL_CLASSES, shape[3] = {0, 0, 0};
    jacquard_tensor tensor;

    EXPECT(jacquard_model_input_shape(model, shape) == JACQUARD_OK && shape[0] == 8 && shape[1] == 8 && shape[2] == 1);
    REFUSED(jacquard_model_input_shape(model, NULL), BAD_ARGUMENT, "shape is NULL");
    MISSING(jacquard_model_class_name(model, 3), "index is 3; the 3 classes are numbered");
    MISSING(jacquard_model_class_name(model, (size_t)-1), "index is 18446744073709551615");
    REFUSED(jacquard_model_tensor(model, 8, &tensor), BAD_ARGUMENT, "index is 8; the 8 tensors are numbered");
    REFUSED(jacquard_model_tensor(model, 0, NULL), BAD_ARGUMENT, "tensor is NULL");
    REFUSED(jacquard_model_tensor(NULL, 0, &tensor), BAD_ARGUMENT, "model is NULL");

    REFUSED(jacquard_predict(NULL, &good, 1, out, room), BAD_ARGUMENT, "model is NULL");
    REFUSED(jacquard_predict(model, NULL, 1, out, room), BAD_ARGUMENT, "samples is NULL");
    REFUSED(jacquard_predict(model, &good, 1, NULL, room), BAD_ARGUMENT, "probabilities is NULL");
    REFUSED(jacquard_predict(model, &good, 1, out, room - 1), BAD_ARGUMENT, "holds 149 numbers; 50 images with 3 classes need 150");
    REFUSED(jacquard_predict_logits(model, &good, 1, out, 0), BAD_ARGUMENT, "logits holds 0");
    REFUSED(jacquard_predict(model, &good, -1, out, room), BAD_ARGUMENT, "threads is -1");
    REFUSED(jacquard_predict(model, &good, 257, out, room), BAD_ARGUMENT, "threads is 257");
    jacquard_samples bad = good;
    bad.pixel_count = 65;
    REFUSED(jacquard_predict(model, &bad, 1, out, room), BAD_ARGUMENT, "pixel_count is 65; it must be a multiple of 64");
    bad.pixel_count = 0;
    REFUSED(jacquard_predict(model, &bad, 1, out, room), BAD_ARGUMENT, "pixel_count is 0");
    bad.pixel_count = (size_t)-64;
    REFUSED(jacquard_predict(model, &bad, 1, out, room), BAD_ARGUMENT, "pixel_count is 18446744073709551552");
    bad = good;
    bad.bytes = NULL;
    REFUSED(jacquard_predict(model, &bad, 1, out, room), BAD_ARGUMENT, "no pixels");
    bad.numbers = numbers;
    bad.pixel_count = SMALL_PIXELS;
    numbers[5] = NAN;
    REFUSED(jacquard_predict(model, &bad, 1, out, 3), BAD_ARGUMENT, "numbers[5] is nan");
    numbers[5] = -INFINITY;
    REFUSED(jacquard_predict(model, &bad, 1, out, 3), BAD_ARGUMENT, "numbers[5] is -inf");
    bad.bytes = small_pixels;
    REFUSED(jacquard_predict(model, &bad, 1, out, 3), BAD_ARGUMENT, "pixels twice");
    for (size_t i = 0; i < SMALL_PIXELS; i++) numbers[i] = 3e38f;
    bad.bytes = NULL;
    REFUSED(jacquard_predict(model, &bad, 1, out, 3), NOT_FINITE, "the answer to image 0");

    REFUSED(jacquard_evaluate(model, &good, 1, NULL), BAD_ARGUMENT, "evaluation is NULL");
    bad = good;
    bad.labels = NULL;
    REFUSED(jacquard_evaluate(model, &bad, 1, &evaluation), BAD_ARGUMENT, "labels is NULL");
    bad = good;
    bad.label_count = SMALL_COUNT - 1;
    REFUSED(jacquard_evaluate(model, &bad, 1, &evaluation), BAD_ARGUMENT, "label_count is 49, but there are 50 images");
    small_labels[7] = 3;
    REFUSED(jacquard_evaluate(model, &good, 1, &evaluation), BAD_ARGUMENT, "labels[7] is 3; the model \"small\" has classes from 0 to 2");
    small_labels[7] = INT32_MIN; /* what a label that was no number becomes on this processor */
    REFUSED(jacquard_evaluate(model, &good, 1, &evaluation), BAD_ARGUMENT, "labels[7] is -2147483648");
    small_samples();
    EXPECT(jacquard_evaluate(model, &good, 1, &evaluation) == JACQUARD_OK && evaluation.count == SMALL_COUNT);
}

/* One setting at a time is wrong. */
#define SETTING(field, value, words)                                                                                   \
    do {                                                                                                               \
        jacquard_training changed = defaults;                                                                          \
        changed.field = (value);                                                                                       \
        REFUSED(jacquard_trainer_create(model, &changed, samples, &trainer), BAD_ARGUMENT, words);                      \
        EXPECT(trainer == NULL);                                                                                       \
    } while (0)

static void settings(jacquard_model *model) {
    jacquard_trainer *trainer = NULL;
    jacquard_training defaults;
    jacquard_samples given = small_samples(), *samples = &given;
    REFUSED(jacquard_training_defaults(NULL), BAD_ARGUMENT, "training is NULL");
    EXPECT(jacquard_training_defaults(&defaults) == JACQUARD_OK);
    EXPECT(defaults.epochs == 10 && defaults.batch_size == 128 && defaults.shards == 8 && defaults.threads == 0);
    EXPECT(defaults.optimizer == JACQUARD_ADAM && defaults.schedule == JACQUARD_CONSTANT && defaults.shuffle == 1);
    EXPECT(defaults.learning_rate == 1e-3 && defaults.seed == 1 && defaults.nesterov == 0 && defaults.max_steps == 0);
    EXPECT(defaults.momentum == 0 && defaults.weight_decay == 0 && defaults.warmup_epochs == 0 && defaults.clip_norm == 0);
    EXPECT(defaults.hardest == 1);
    EXPECT(defaults.prune == 0 && defaults.prune_begin == 0.1 && defaults.prune_end == 0.75);
    SETTING(epochs, 0, "training->epochs is 0; it must be 1 to 100000");
    SETTING(batch_size, 0, "batch_size");
    SETTING(batch_size, 65537, "batch_size");
    SETTING(shards, 65, "shards is 65");
    SETTING(threads, 257, "training->threads is 257");
    SETTING(optimizer, 5, "training->optimizer is 5; it must be a jacquard_optimizer, 0 to 4");
    SETTING(optimizer, -1, "optimizer is -1");
    SETTING(schedule, 5, "schedule is 5");
    SETTING(nesterov, 1, "nesterov is 1");
    SETTING(shuffle, 2, "shuffle is 2");
    SETTING(loss, 2, "training->loss is 2; it must be a jacquard_loss, 0 to 1");
    SETTING(focal_gamma, 10.5, "focal_gamma");
    SETTING(focal_gamma, NAN, "focal_gamma");
    SETTING(learning_rate, 0, "learning_rate");
    SETTING(learning_rate, NAN, "learning_rate is nan");
    SETTING(learning_rate, 1e300, "learning_rate");
    SETTING(momentum, 1, "momentum");
    SETTING(momentum, NAN, "momentum");
    SETTING(weight_decay, -1, "weight_decay");
    SETTING(warmup_epochs, INFINITY, "warmup_epochs");
    SETTING(label_smoothing, 1, "label_smoothing");
    SETTING(clip_norm, NAN, "clip_norm");
    SETTING(hardest, 0, "hardest is 0; it must be above 0 to 1");
    SETTING(hardest, 1.5, "hardest");
    SETTING(hardest, NAN, "hardest");
    SETTING(prune, 1, "prune is 1; it must be 0 to 0.99");
    SETTING(prune, -0.5, "prune");
    SETTING(prune, NAN, "prune");
    SETTING(prune_begin, 0.8, "prune_end is 0.75; it must be at least prune_begin");
    SETTING(prune_begin, -1, "prune_begin");
    SETTING(prune_end, 1.5, "prune_end");
    SETTING(max_steps, -1, "max_steps");
    SETTING(average, 3, "training->average is 3; it must be a jacquard_average, 0 to 2");
    SETTING(average, -1, "average is -1");
    SETTING(ema_decay, 1, "ema_decay");
    SETTING(ema_decay, NAN, "ema_decay");
    SETTING(swa_share, -0.5, "swa_share");
    SETTING(lookahead, -1, "training->lookahead is -1; it must be 0, which means none, or 1 to 100000");
    SETTING(lookahead, 100001, "lookahead");
    SETTING(lookahead_share, 0, "lookahead_share");
    SETTING(lookahead_share, NAN, "lookahead_share");
    {
        jacquard_training averaged = defaults;
        jacquard_model *average = NULL;
        averaged.average = JACQUARD_EMA;
        REFUSED(jacquard_trainer_create(model, &averaged, NULL, &trainer), BAD_ARGUMENT,
                "average is 1; it must be JACQUARD_NO_AVERAGE for a trainer without samples");
        EXPECT(jacquard_trainer_create(model, &defaults, samples, &trainer) == JACQUARD_OK);
        REFUSED(jacquard_trainer_average(trainer, &average), BAD_ARGUMENT, "the trainer averages no weights");
        EXPECT(average == NULL);
        REFUSED(jacquard_trainer_average(trainer, NULL), BAD_ARGUMENT, "model is NULL");
        REFUSED(jacquard_trainer_average(NULL, &average), BAD_ARGUMENT, "trainer is NULL");
        jacquard_trainer_free(trainer);
        trainer = NULL;
    }
    {
        jacquard_training smooth = defaults;
        smooth.loss = JACQUARD_FOCAL;
        smooth.label_smoothing = 0.1;
        REFUSED(jacquard_trainer_create(model, &smooth, samples, &trainer), BAD_ARGUMENT, "JACQUARD_CROSS_ENTROPY");
    }
    {
        jacquard_training sparse = defaults;
        sparse.prune = 0.5;
        REFUSED(jacquard_trainer_create(model, &sparse, NULL, &trainer), BAD_ARGUMENT,
                "prune is 0.5; it must be 0 for a trainer without samples, or max_steps above 0");
    }
    {
        jacquard_model *large = NULL;
        jacquard_training training = defaults;
        training.batch_size = 65536;
        EXPECT(jacquard_model_create(
                   "{\"name\": \"large\", \"input_shape\": [512, 512, 1], \"class_names\": [\"a\", \"b\"], \"layers\": ["
                   "{\"type\": \"conv2d\", \"output_channels\": 64, \"kernel_size\": 3}, {\"type\": \"global_average_pool\"}, "
                   "{\"type\": \"dense\", \"output_features\": 2}]}", 1, &large) == JACQUARD_OK);
        REFUSED(jacquard_trainer_create(large, &training, NULL, &trainer), BAD_ARGUMENT, "training->batch_size is 65536");
        jacquard_model_free(large);
    }
    samples = NULL; /* without samples */
    SETTING(warmup_epochs, 1, "0 for a trainer without samples");
    SETTING(schedule, JACQUARD_COSINE, "max_steps above 0");
    REFUSED(jacquard_trainer_create(NULL, NULL, &given, &trainer), BAD_ARGUMENT, "model is NULL");
    REFUSED(jacquard_trainer_create(model, NULL, &given, NULL), BAD_ARGUMENT, "trainer is NULL");
    small_labels[0] = -1;
    REFUSED(jacquard_trainer_create(model, NULL, &given, &trainer), BAD_ARGUMENT, "samples->labels[0] is -1");
    small_samples();
}

static jacquard_trainer *busy;

static int32_t call_again(const jacquard_progress *progress, void *context) {
    (void)progress, (void)context;
    REFUSED(jacquard_trainer_step(busy, NULL, NULL), BUSY, "another call");
    REFUSED(jacquard_trainer_run(busy, NULL, NULL), BUSY, "another call");
    return 1;
}

static void training(jacquard_model *model) {
    jacquard_samples samples = small_samples();
    jacquard_training settings;
    jacquard_trainer *fed = NULL;
    EXPECT(jacquard_training_defaults(&settings) == JACQUARD_OK);
    settings.batch_size = 20;
    settings.threads = 1;
    REFUSED(jacquard_trainer_step(NULL, NULL, NULL), BAD_ARGUMENT, "trainer is NULL");
    REFUSED(jacquard_trainer_epoch(NULL, NULL, NULL, NULL), BAD_ARGUMENT, "trainer is NULL");
    REFUSED(jacquard_trainer_run(NULL, NULL, NULL), BAD_ARGUMENT, "trainer is NULL");
    EXPECT(jacquard_trainer_create(model, &settings, &samples, &busy) == JACQUARD_OK);
    REFUSED(jacquard_trainer_step(busy, &samples, NULL), BAD_ARGUMENT, "batch is not NULL");
    EXPECT(jacquard_trainer_run(busy, call_again, NULL) == JACQUARD_STOPPED);
    jacquard_trainer_free(busy);

    EXPECT(jacquard_trainer_create(model, &settings, NULL, &fed) == JACQUARD_OK);
    REFUSED(jacquard_trainer_step(fed, NULL, NULL), BAD_ARGUMENT, "batch is NULL");
    REFUSED(jacquard_trainer_step(fed, &samples, NULL), BAD_ARGUMENT, "batch has 50 images; the trainer takes at most 20");
    REFUSED(jacquard_trainer_epoch(fed, NULL, NULL, NULL), BAD_ARGUMENT, "created without samples");
    REFUSED(jacquard_trainer_run(fed, NULL, NULL), BAD_ARGUMENT, "created without samples");

    /* A step that is not finite changes nothing. */
    float numbers[SMALL_PIXELS], before[SMALL_CLASSES], after[SMALL_CLASSES];
    for (size_t i = 0; i < SMALL_PIXELS; i++) numbers[i] = 3e38f;
    jacquard_samples wild = {NULL, numbers, SMALL_PIXELS, small_labels, 1};
    jacquard_samples first = {small_pixels, NULL, SMALL_PIXELS, NULL, 0};
    EXPECT(jacquard_predict(model, &first, 1, before, SMALL_CLASSES) == JACQUARD_OK);
    REFUSED(jacquard_trainer_step(fed, &wild, NULL), NOT_FINITE, "appears first in conv1");
    EXPECT(jacquard_predict(model, &first, 1, after, SMALL_CLASSES) == JACQUARD_OK);
    EXPECT(memcmp(before, after, sizeof before) == 0);
    jacquard_samples good = {small_pixels, NULL, 20 * SMALL_PIXELS, small_labels, 20};
    jacquard_progress progress;
    EXPECT(jacquard_trainer_step(fed, &good, &progress) == JACQUARD_OK && progress.step == 1 && progress.images == 20);
    jacquard_trainer_free(fed);
}

int main(void) {
    EXPECT(jacquard_error_code() == JACQUARD_OK && strcmp(jacquard_error_message(), "") == 0);
    models();
    jacquard_model *model = NULL;
    EXPECT(jacquard_model_create(SMALL_MODEL, 1, &model) == JACQUARD_OK);
    files(model);
    predictions(model);
    settings(model);
    training(model);
    jacquard_model_free(model);
    printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
