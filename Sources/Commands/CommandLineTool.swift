internal import ArgumentParser
internal import Files
internal import Glibc
internal import Runs
internal import Support
internal import Terminal

/// The program: arguments in, results on standard output, one exit code.
public enum CommandLineTool {
  /// Runs the verb that the process's arguments name, and ends the process.
  public static func main() -> Never {
    StandardStream.occupyClosedStreams()
    StandardStream.ignoreSignalsOfWrites()
    LostPages.endProcess(code: ExitStatus.inputOutput.rawValue, linePrefix: "jacquard: error: ")
    let status = run()
    // At its end OpenBLAS waits for its threads, and one that a limit on memory keeps from its buffer asks for it for ever.
    if MemoryLimit.ofProcess != nil { _exit(status.rawValue) }
    exit(status.rawValue)
  }

  /// Runs a verb and says what its failure was.
  private static func run() -> ExitStatus {
    let console = Console(wording: CommandLineWording())
    do {
      let arguments = NegativeValues.joined(try ProcessArguments.checked())
      try VerbCheck.check(arguments, root: JacquardCommand.self)
      var command = try JacquardCommand.parseAsRoot(arguments)
      // Help must help, whatever is wrong with the environment.
      if VerbCheck.isVerb(command, of: JacquardCommand.self) { try SettingVariables.check() }
      try command.run()
      return .done
    } catch is Console.OutputClosed {
      return .done
    } catch let status as ExitStatus {
      return status
    } catch let request as StopRequest {
      return ExitStatus(request)
    } catch let failure as Failure {
      return report(CommandFailure(describing: failure), on: console)
    } catch {
      return report(error, on: console)
    }
  }

  /// Answers a request for help, or says what is wrong with the arguments, or what another part of the program threw.
  private static func report(_ error: any Error, on console: Console) -> ExitStatus {
    let code = JacquardCommand.exitCode(for: error)
    if code == .success {
      do {
        try console.result(asIs: [foldedUsage(JacquardCommand.fullMessage(for: error))])
        return .done
      } catch let failure as Failure {
        return report(CommandFailure(describing: failure), on: console)
      } catch {
        return .done
      }
    }
    return report(code == .validationFailure ? usageFailure(error) : CommandFailure(describing: error), on: console)
  }

  /// Says what the failure was, and returns the exit code.
  private static func report(_ failure: CommandFailure, on console: Console) -> ExitStatus {
    console.report(failure: failure.message)
    return failure.status
  }

  /// A help text whose line of usage, which the parser does not break, fits the terminal.
  private static func foldedUsage(_ help: String) -> String {
    let columns = StandardStream.output.columns ?? 80
    return help.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
      guard line.count > columns, line.utf8.starts(with: "USAGE: ".utf8) else { return String(line) }
      // What belongs together is joined by spaces that do not break.
      var (text, depth) = ("", 0)
      for character in line {
        if character == "[" { depth += 1 } else if character == "]" { depth -= 1 }
        if character == "<", text.last == " " {
          text.replaceSubrange(text.index(before: text.endIndex)..., with: "\u{A0}")
        }
        text.append(character == " " && depth > 0 ? "\u{A0}" : character)
      }
      let lines = FoldedText.lines(text, columns: columns, indentation: 2)
      return lines.map { String($0.map { $0 == "\u{A0}" ? " " : $0 }) }.joined(separator: "\n")
    }.joined(separator: "\n")
  }

  /// The parser's complaint with its pointer to the help, without the usage text between them.
  private static func usageFailure(_ error: any Error) -> CommandFailure {
    var message = JacquardCommand.message(for: error)
    if let last = message.last, !last.isPunctuation || last == "'" || last == ">" { message += "." }
    let help = JacquardCommand.fullMessage(for: error).split(separator: "\n").last { $0.contains("See '") }
    return CommandFailure(.usage, message + "\n" + (help ?? "See 'jacquard --help' for more information."))
  }
}
