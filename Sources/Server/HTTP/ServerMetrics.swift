internal import Files
internal import Support
internal import Synchronization

/// What the server counts, in Prometheus's text format.
final class ServerMetrics: Sendable {
  private struct Histogram {
    let bounds: [Double]
    var counts: [Int]
    var sum = 0.0

    init(_ bounds: [Double]) {
      self.bounds = bounds
      counts = Array(repeating: 0, count: bounds.count + 1)
    }

    mutating func add(_ value: Double) {
      counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
      sum += value
    }

    func lines(_ name: String, labels: String) -> [String] {
      var lines: [String] = []
      var total = 0
      for (bound, count) in zip(bounds.map { "\($0)" } + ["+Inf"], counts) {
        total += count
        lines.append(
          "\(name)_bucket{\(labels.isEmpty ? "" : labels + ",")le=\"\(bound)\"} \(total)")
      }
      let braces = labels.isEmpty ? "" : "{\(labels)}"
      return lines + ["\(name)_sum\(braces) \(sum)", "\(name)_count\(braces) \(total)"]
    }
  }

  private struct Counts {
    var requests: [String: [Int: Int]] = [:]
    var seconds: [String: Histogram] = [:]
    var batches = Histogram([1, 2, 4, 8, 16, 32, 64, 128, 256])
    var reloads: [String: (succeeded: Int, failed: Int)] = [:]
  }

  private static let secondBounds = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
  ]

  private let counts = Mutex(Counts())
  private let start = SystemClock.secondsSinceEpoch

  /// Counts an answered request.
  func addRequest(_ route: Route, status: Int, seconds: Double) {
    let label = route.label
    counts.withLock { counts in
      counts.requests[label, default: [:]][status, default: 0] += 1
      counts.seconds[label, default: Histogram(Self.secondBounds)].add(seconds)
    }
  }

  /// Counts a computed batch.
  func addBatch(images: Int) {
    counts.withLock { $0.batches.add(Double(images)) }
  }

  /// Counts new weights.
  func addReload(model: String, succeeded: Bool) {
    counts.withLock { counts in
      var known = counts.reloads[model] ?? (0, 0)
      if succeeded { known.succeeded += 1 } else { known.failed += 1 }
      counts.reloads[model] = known
    }
  }

  /// The page that Prometheus reads.
  func text(models: [ServedModel], waiting: Int) -> String {
    let counts = counts.withLock { $0 }
    var lines: [String] = []
    func family(_ name: String, _ type: String, _ help: String, _ samples: [String]) {
      lines += ["# HELP \(name) \(help)", "# TYPE \(name) \(type)"] + samples
    }
    family(
      "jacquard_requests_total", "counter", "Requests that were answered.",
      counts.requests.sorted { $0.key < $1.key }.flatMap { route, codes in
        codes.sorted { $0.key < $1.key }.map {
          "jacquard_requests_total{route=\"\(route)\",code=\"\($0.key)\"} \($0.value)"
        }
      })
    family(
      "jacquard_request_seconds", "histogram", "Time from a request's head to its answer.",
      counts.seconds.sorted { $0.key < $1.key }.flatMap {
        $0.value.lines("jacquard_request_seconds", labels: "route=\"\($0.key)\"")
      })
    family(
      "jacquard_batch_images", "histogram", "Images that were computed together.",
      counts.batches.lines("jacquard_batch_images", labels: ""))
    family(
      "jacquard_waiting_images", "gauge", "Images that wait for their batch.",
      ["jacquard_waiting_images \(waiting)"])
    family(
      "jacquard_images_total", "counter", "Images that a version of a model has answered.",
      models.map {
        "jacquard_images_total{model=\"\($0.name)\",version=\"\($0.version)\"} \($0.answered.value)"
      })
    family(
      "jacquard_model_reloads_total", "counter", "New weights, by whether they could be used.",
      counts.reloads.sorted { $0.key < $1.key }.flatMap { name, known in
        [("exchanged", known.succeeded), ("refused", known.failed)].map {
          "jacquard_model_reloads_total{model=\"\(name)\",result=\"\($0.0)\"} \($0.1)"
        }
      })
    family(
      "process_start_time_seconds", "gauge", "When the server started, in seconds since 1970.",
      ["process_start_time_seconds \(start)"])
    if let bytes = Self.residentByteCount {
      family(
        "process_resident_memory_bytes", "gauge", "The server's memory.",
        ["process_resident_memory_bytes \(bytes)"])
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// The memory of this process, as the system counts it.
  private static var residentByteCount: Int? {
    guard
      let bytes = try? FileReader.bytes(ofFileAt: "/proc/self/status", maximumByteCount: 1 << 16)
    else { return nil }
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    where line.hasPrefix("VmRSS:") {
      return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
    }
    return nil
  }
}
