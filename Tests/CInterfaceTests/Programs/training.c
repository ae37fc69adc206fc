/* Ways to the same weights: in one go, by epoch, step by step, with stops between, with batches of the caller's own. */
#include "expect.h"

typedef struct {
    float numbers[4096];
    size_t count;
} weights;

/* All tensors of a model, read where they are. */
static weights weights_of(const jacquard_model *model) {
    weights all = {{0}, 0};
    for (size_t i = 0; i < jacquard_model_tensor_count(model); i++) {
        jacquard_tensor tensor;
        EXPECT(jacquard_model_tensor(model, i, &tensor) == JACQUARD_OK);
        EXPECT(all.count + tensor.count <= 4096);
        memcpy(all.numbers + all.count, tensor.values, tensor.count * sizeof(float));
        all.count += tensor.count;
    }
    return all;
}

static int equal(const weights *a, const weights *b) {
    return a->count == b->count && memcmp(a->numbers, b->numbers, a->count * sizeof(float)) == 0;
}

static jacquard_training recipe(void) {
    jacquard_training training;
    EXPECT(jacquard_training_defaults(&training) == JACQUARD_OK);
    training.epochs = 3;
    training.batch_size = 20; /* 20, 20 and 10 images */
    training.threads = 2;
    training.learning_rate = 0.01;
    training.schedule = JACQUARD_COSINE;
    return training;
}

/* What a callback has seen. */
typedef struct {
    int steps, epochs, stop_at;
    jacquard_progress last;
    const jacquard_model *model;
} listener;

static int32_t listen(const jacquard_progress *progress, void *context) {
    listener *heard = context;
    heard->last = *progress;
    if (progress->ends_epoch) heard->epochs++;
    else heard->steps++;
    if (heard->model != NULL) { /* the model is free */
        float probabilities[SMALL_CLASSES];
        jacquard_samples first = {small_pixels, NULL, SMALL_PIXELS, NULL, 0};
        EXPECT(jacquard_predict(heard->model, &first, 1, probabilities, SMALL_CLASSES) == JACQUARD_OK);
    }
    return heard->stop_at != 0 && heard->steps == heard->stop_at;
}

static weights run_in_one_go(void) {
    jacquard_samples samples = small_samples();
    jacquard_training training = recipe();
    jacquard_model *model = NULL;
    jacquard_trainer *trainer = NULL;
    EXPECT(jacquard_model_create(SMALL_MODEL, 7, &model) == JACQUARD_OK);
    EXPECT(jacquard_trainer_create(model, &training, &samples, &trainer) == JACQUARD_OK);
    listener heard = {0};
    heard.model = model;
    EXPECT(jacquard_trainer_run(trainer, listen, &heard) == JACQUARD_OK);
    EXPECT(heard.steps == 9 && heard.epochs == 3);
    EXPECT(heard.last.step == 9 && heard.last.total_steps == 9 && heard.last.epoch == 3 && heard.last.images == SMALL_COUNT);
    EXPECT(jacquard_trainer_run(trainer, listen, &heard) == JACQUARD_OK && heard.steps == 9);
    EXPECT(jacquard_trainer_epoch(trainer, NULL, NULL, NULL) == JACQUARD_DONE);
    EXPECT(jacquard_trainer_step(trainer, NULL, NULL) == JACQUARD_DONE);
    weights result = weights_of(model);
    jacquard_model_free(model); /* the trainer keeps what it needs */
    jacquard_trainer_free(trainer);
    return result;
}

static weights run_with_stops(int32_t threads) {
    jacquard_samples samples = small_samples();
    jacquard_training training = recipe();
    training.threads = threads;
    jacquard_model *model = NULL;
    jacquard_trainer *trainer = NULL;
    jacquard_progress progress;
    EXPECT(jacquard_model_create(SMALL_MODEL, 7, &model) == JACQUARD_OK);
    EXPECT(jacquard_trainer_create(model, &training, &samples, &trainer) == JACQUARD_OK);
    EXPECT(jacquard_trainer_step(trainer, NULL, &progress) == JACQUARD_OK);
    EXPECT(progress.step == 1 && progress.images == 20 && progress.ends_epoch == 0 && progress.loss > 0);
    EXPECT(jacquard_trainer_epoch(trainer, NULL, NULL, &progress) == JACQUARD_OK);
    EXPECT(progress.step == 3 && progress.images == SMALL_COUNT && progress.ends_epoch == 1);
    listener heard = {0};
    heard.stop_at = 2;
    EXPECT(jacquard_trainer_run(trainer, listen, &heard) == JACQUARD_STOPPED);
    EXPECT(heard.steps == 2 && heard.epochs == 0 && heard.last.step == 5);
    heard.stop_at = 4;
    EXPECT(jacquard_trainer_epoch(trainer, listen, &heard, &progress) == JACQUARD_OK);
    EXPECT(heard.steps == 3 && heard.epochs == 1 && progress.step == 6);
    EXPECT(jacquard_trainer_epoch(trainer, listen, &heard, &progress) == JACQUARD_STOPPED && heard.last.step == 7);
    while (jacquard_trainer_step(trainer, NULL, &progress) == JACQUARD_OK) continue;
    EXPECT(progress.step == 9);
    weights result = weights_of(model);
    jacquard_trainer_free(trainer);
    jacquard_model_free(model);
    return result;
}

/* The same batches in the same order, from an epoch's own order or given one by one; without dropout, whose draws are another epoch's. */
static void run_with_batches(void) {
    static const char *const plain =
        "{\"name\": \"plain\", \"input_shape\": [8, 8, 1], \"class_names\": [\"a\", \"b\", \"c\"], \"layers\": ["
        "{\"type\": \"flatten\"}, {\"type\": \"dense\", \"output_features\": 3}]}";
    jacquard_samples samples = small_samples();
    jacquard_training training = recipe();
    training.shuffle = 0;
    jacquard_model *models[2] = {NULL, NULL};
    jacquard_trainer *trainers[2] = {NULL, NULL};
    for (int i = 0; i < 2; i++) EXPECT(jacquard_model_create(plain, 7, &models[i]) == JACQUARD_OK);
    EXPECT(jacquard_trainer_create(models[0], &training, &samples, &trainers[0]) == JACQUARD_OK);
    EXPECT(jacquard_trainer_run(trainers[0], NULL, NULL) == JACQUARD_OK);
    training.max_steps = 9;
    EXPECT(jacquard_trainer_create(models[1], &training, NULL, &trainers[1]) == JACQUARD_OK);
    for (size_t step = 0; step < 9; step++) {
        size_t first = step % 3 * 20, count = step % 3 == 2 ? 10 : 20;
        uint8_t copy[20 * SMALL_PIXELS]; /* gone after the step */
        memcpy(copy, small_pixels + first * SMALL_PIXELS, count * SMALL_PIXELS);
        jacquard_samples batch = {copy, NULL, count * SMALL_PIXELS, small_labels + first, count};
        jacquard_progress progress;
        EXPECT(jacquard_trainer_step(trainers[1], &batch, &progress) == JACQUARD_OK);
        EXPECT(progress.step == (int64_t)step + 1 && progress.images == (int64_t)count && progress.total_steps == 9);
    }
    jacquard_samples more = {small_pixels, NULL, SMALL_PIXELS, small_labels, 1};
    EXPECT(jacquard_trainer_step(trainers[1], &more, NULL) == JACQUARD_DONE);
    weights a = weights_of(models[0]), b = weights_of(models[1]);
    EXPECT(equal(&a, &b));
    for (int i = 0; i < 2; i++) jacquard_trainer_free(trainers[i]), jacquard_model_free(models[i]);
}

/* No two optimizers train to the same weights. Lion moves a weight by the rate, or not at all. */
static void optimizers(void) {
    jacquard_samples samples = small_samples();
    weights first = {{0}, 0}, results[JACQUARD_LION + 1];
    for (int32_t kind = JACQUARD_SGD; kind <= JACQUARD_LION; kind++) {
        jacquard_training training = recipe();
        training.optimizer = kind;
        jacquard_model *model = NULL;
        jacquard_trainer *trainer = NULL;
        EXPECT(jacquard_model_create(SMALL_MODEL, 7, &model) == JACQUARD_OK);
        first = weights_of(model);
        EXPECT(jacquard_trainer_create(model, &training, &samples, &trainer) == JACQUARD_OK);
        EXPECT(jacquard_trainer_step(trainer, NULL, NULL) == JACQUARD_OK);
        results[kind] = weights_of(model);
        for (int32_t other = JACQUARD_SGD; other < kind; other++)
            EXPECT(!equal(&results[kind], &results[other]) || (other == JACQUARD_ADAM && kind == JACQUARD_ADAMW));
        jacquard_trainer_free(trainer);
        jacquard_model_free(model);
    }
    size_t moved = 0;
    for (size_t i = 0; i < 36; i++) { /* the convolution's weights */
        double distance = fabs((double)results[JACQUARD_LION].numbers[i] - (double)first.numbers[i]);
        EXPECT(distance == 0 || fabs(distance - 0.01) < 1e-6);
        moved += distance != 0;
    }
    EXPECT(moved > 18);
}

/* A model of averaged weights: the mean of the steps, or a moving average, with statistics of its own. */
static void averages(void) {
    enum { STEPS = 9, STATISTICS = 8 };
    for (int32_t kind = JACQUARD_EMA; kind <= JACQUARD_SWA; kind++) {
        jacquard_samples samples = small_samples();
        jacquard_training training = recipe();
        training.average = kind;
        training.ema_decay = 0.8;
        training.swa_share = 0.5; /* 4.5 of 9 steps, rounded away from zero: the last four */
        training.lookahead = 4;
        jacquard_model *model = NULL, *average = NULL, *later = NULL;
        jacquard_trainer *trainer = NULL;
        EXPECT(jacquard_model_create(SMALL_MODEL, 7, &model) == JACQUARD_OK);
        EXPECT(jacquard_trainer_create(model, &training, &samples, &trainer) == JACQUARD_OK);
        EXPECT(jacquard_trainer_average(trainer, &average) == JACQUARD_OK); /* nothing averaged yet */
        weights first = weights_of(model), found = weights_of(average);
        EXPECT(equal(&first, &found));
        jacquard_model_free(average);
        static double sums[4096];
        memset(sums, 0, sizeof sums);
        double total = 0;
        for (int step = 1; step <= STEPS; step++) {
            EXPECT(jacquard_trainer_step(trainer, NULL, NULL) == JACQUARD_OK);
            double share = kind == JACQUARD_EMA ? pow(0.8, STEPS - step) : step > 5;
            weights now = weights_of(model);
            for (size_t i = 0; i < now.count; i++) sums[i] += share * (double)now.numbers[i];
            total += share;
        }
        EXPECT(jacquard_trainer_average(trainer, &average) == JACQUARD_OK);
        weights last = weights_of(model);
        found = weights_of(average);
        for (size_t i = 0; i < found.count - STATISTICS; i++)
            EXPECT(fabs((double)found.numbers[i] - sums[i] / total) < 1e-6);
        EXPECT(memcmp(found.numbers + found.count - STATISTICS, last.numbers + found.count - STATISTICS,
                      STATISTICS * sizeof(float)) != 0);
        EXPECT(jacquard_trainer_average(trainer, &later) == JACQUARD_OK);
        weights again = weights_of(later);
        EXPECT(equal(&found, &again));
        jacquard_model_free(later);
        jacquard_trainer_free(trainer); /* the model stays */
        jacquard_model_free(model);
        jacquard_evaluation evaluation;
        EXPECT(jacquard_evaluate(average, &samples, 1, &evaluation) == JACQUARD_OK && isfinite(evaluation.loss));
        jacquard_model_free(average);
    }
}

/* A layer that a model's JSON names, with slopes that are trained. */
static void slopes(void) {
    static const char *const json =
        "{\"name\": \"slopes\", \"input_shape\": [8, 8, 1], \"class_names\": [\"a\", \"b\", \"c\"], \"layers\": ["
        "{\"type\": \"conv2d\", \"output_channels\": 4, \"kernel_size\": 3}, {\"type\": \"prelu\"},"
        "{\"type\": \"flatten\"}, {\"type\": \"dense\", \"output_features\": 3}]}";
    jacquard_samples samples = small_samples();
    jacquard_training training = recipe();
    jacquard_model *model = NULL;
    jacquard_trainer *trainer = NULL;
    jacquard_tensor tensor;
    EXPECT(jacquard_model_create(json, 7, &model) == JACQUARD_OK);
    EXPECT(jacquard_model_tensor(model, 2, &tensor) == JACQUARD_OK);
    EXPECT(strcmp(tensor.name, "prelu1.weight") == 0 && tensor.count == 4 && tensor.is_parameter == 1);
    for (size_t i = 0; i < 4; i++) EXPECT(tensor.values[i] == 0.25f);
    EXPECT(jacquard_trainer_create(model, &training, &samples, &trainer) == JACQUARD_OK);
    EXPECT(jacquard_trainer_run(trainer, NULL, NULL) == JACQUARD_OK);
    for (size_t i = 0; i < 4; i++) EXPECT(tensor.values[i] != 0.25f);
    jacquard_trainer_free(trainer);
    jacquard_model_free(model);
}

/* Numbers that the caller has prepared are the pixels that the model would have prepared. */
static void bytes_and_numbers(const jacquard_model *model) {
    static float numbers[SMALL_COUNT * SMALL_PIXELS];
    jacquard_samples samples = small_samples();
    for (size_t i = 0; i < SMALL_COUNT * SMALL_PIXELS; i++)
        numbers[i] = (float)((small_pixels[i] / 255.0 - 0.28604) / 0.35302);
    jacquard_samples prepared = {NULL, numbers, SMALL_COUNT * SMALL_PIXELS, small_labels, SMALL_COUNT};
    float a[SMALL_COUNT * SMALL_CLASSES], b[SMALL_COUNT * SMALL_CLASSES], logits[SMALL_COUNT * SMALL_CLASSES];
    EXPECT(jacquard_predict(model, &samples, 1, a, SMALL_COUNT * SMALL_CLASSES) == JACQUARD_OK);
    EXPECT(jacquard_predict(model, &prepared, 2, b, SMALL_COUNT * SMALL_CLASSES) == JACQUARD_OK);
    EXPECT(memcmp(a, b, sizeof a) == 0);

    EXPECT(jacquard_predict_logits(model, &samples, 0, logits, SMALL_COUNT * SMALL_CLASSES) == JACQUARD_OK);
    jacquard_evaluation evaluation;
    EXPECT(jacquard_evaluate(model, &samples, 0, &evaluation) == JACQUARD_OK);
    double loss = 0;
    int64_t correct = 0;
    for (size_t image = 0; image < SMALL_COUNT; image++) {
        double sum = 0;
        size_t best = 0;
        for (size_t k = 0; k < SMALL_CLASSES; k++) {
            sum += exp((double)logits[image * SMALL_CLASSES + k]);
            if (logits[image * SMALL_CLASSES + k] > logits[image * SMALL_CLASSES + best]) best = k;
        }
        for (size_t k = 0; k < SMALL_CLASSES; k++)
            EXPECT(fabs(exp((double)logits[image * SMALL_CLASSES + k]) / sum - (double)a[image * SMALL_CLASSES + k]) < 1e-6);
        loss += log(sum) - (double)logits[image * SMALL_CLASSES + (size_t)small_labels[image]];
        correct += best == (size_t)small_labels[image];
    }
    EXPECT(evaluation.count == SMALL_COUNT && evaluation.correct == correct && evaluation.top3 == 1);
    EXPECT(fabs(evaluation.loss - loss / SMALL_COUNT) < 1e-6);
    EXPECT(fabs(evaluation.accuracy - (double)correct / SMALL_COUNT) < 1e-12);
}

/* A tensor stays where it is and shows what training makes of it; saving and loading keeps every bit. */
static void tensors_and_files(void) {
    jacquard_samples samples = small_samples();
    jacquard_training training = recipe();
    jacquard_model *model = NULL, *loaded = NULL;
    jacquard_trainer *trainer = NULL;
    jacquard_tensor before, after;
    EXPECT(jacquard_model_create(SMALL_MODEL, 7, &model) == JACQUARD_OK);
    EXPECT(jacquard_model_tensor(model, 0, &before) == JACQUARD_OK);
    EXPECT(strcmp(before.name, "conv1.weight") == 0 && before.rank == 4 && before.count == 36 && before.is_parameter == 1);
    EXPECT(before.shape[0] == 3 && before.shape[1] == 3 && before.shape[2] == 1 && before.shape[3] == 4);
    float first = before.values[0];
    EXPECT(jacquard_trainer_create(model, &training, &samples, &trainer) == JACQUARD_OK);
    EXPECT(jacquard_trainer_run(trainer, NULL, NULL) == JACQUARD_OK);
    EXPECT(jacquard_model_tensor(model, 0, &after) == JACQUARD_OK);
    EXPECT(after.values == before.values && after.name == before.name && after.values[0] != first);
    EXPECT(jacquard_model_tensor(model, 7, &after) == JACQUARD_OK);
    EXPECT(strcmp(after.name, "bn1.running_var") == 0 && after.rank == 1 && after.count == 4 && after.is_parameter == 0);
    EXPECT(jacquard_model_tensor(model, 4, &after) == JACQUARD_OK);
    EXPECT(strcmp(after.name, "fc1.weight") == 0 && after.rank == 2 && after.shape[0] == 144 && after.shape[1] == 3);
    EXPECT(after.shape[2] == 0 && after.shape[3] == 0);
    EXPECT(jacquard_model_parameter_count(model) == 36 + 4 + 4 + 4 + 432 + 3);
    EXPECT(jacquard_model_class_count(model) == 3 && strcmp(jacquard_model_class_name(model, 2), "c") == 0);

    bytes_and_numbers(model);
    weights trained = weights_of(model);
    EXPECT(jacquard_model_save(model, "small.safetensors") == JACQUARD_OK);
    EXPECT(jacquard_model_load("small.safetensors", &loaded) == JACQUARD_OK);
    weights again = weights_of(loaded);
    EXPECT(equal(&trained, &again));
    jacquard_model_free(loaded);
    EXPECT(jacquard_model_create(SMALL_MODEL, 8, &loaded) == JACQUARD_OK);
    weights other = weights_of(loaded);
    EXPECT(!equal(&trained, &other));
    EXPECT(jacquard_model_load_weights(loaded, "small.safetensors") == JACQUARD_OK);
    again = weights_of(loaded);
    EXPECT(equal(&trained, &again));
    jacquard_model_free(loaded);
    jacquard_trainer_free(trainer);
    jacquard_model_free(model);
}

int main(void) {
    weights a = run_in_one_go(), b = run_with_stops(1), c = run_with_stops(3);
    EXPECT(equal(&a, &b) && equal(&a, &c));
    run_with_batches();
    optimizers();
    averages();
    slopes();
    tensors_and_files();
    EXPECT(jacquard_error_code() == JACQUARD_OK);
    printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
