internal import Glibc

/// The time of day and a stopwatch.
package enum SystemClock {
  /// Seconds since an arbitrary start, unaffected by changes of the time of day.
  package static var seconds: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Seconds since 1970.
  package static var secondsSinceEpoch: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Lets this thread wait.
  package static func wait(microseconds: UInt32) { usleep(microseconds) }

  /// Now, in UTC, as ISO 8601 with seconds: `2025-01-31T12:00:00Z`.
  package static var timestamp: String {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return timestamp(secondsSinceEpoch: time.tv_sec)
  }

  /// A moment in UTC, as ISO 8601 with seconds.
  package static func timestamp(secondsSinceEpoch: Int) -> String {
    var seconds = secondsSinceEpoch
    var parts = unsafe tm()
    unsafe gmtime_r(&seconds, &parts)
    let date = unsafe [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)]
    let time = unsafe [Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec)]
    return joined(date, "-") + "T" + joined(time, ":") + "Z"
  }

  private static func joined(_ numbers: [Int], _ separator: String) -> String {
    numbers.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: separator)
  }
}
