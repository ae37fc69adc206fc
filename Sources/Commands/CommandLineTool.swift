internal import ArgumentParser
internal import Files
internal import Glibc
internal import Runs
internal import Support
internal import Terminal

/// The program: arguments in, results on standard output, one exit code.
public enum CommandLineTool {
  /// Runs the verb that the process's arguments name, then ends the process.
  public static func main() -> Never { main(serving: nil) }

  /// Runs the server for the process's arguments, which are those of `serve`, then ends the process.
  ///
  /// - Parameter server: Serves until it is asked to stop.
  package static func main(serving server: ((ServeSettings) throws -> Void)?) -> Never {
    StandardStream.occupyClosedStreams()
    StandardStream.ignoreSignalsOfWrites()
    LostPages.endProcess(code: ExitStatus.inputOutput.rawValue, linePrefix: "jacquard: error: ")
    let status = run(server)
    // On exit OpenBLAS waits for its threads. A thread that a memory limit denies its buffer retries forever.
    if MemoryLimit.ofProcess != nil { _exit(status.rawValue) }
    exit(status.rawValue)
  }

  /// Runs a verb, or the server, and reports its failure.
  private static func run(_ server: ((ServeSettings) throws -> Void)?) -> ExitStatus {
    let console = Console(wording: CommandLineWording())
    do {
      let verb = server == nil ? [] : ["serve"]
      let arguments = NegativeValues.joined(verb + (try ProcessArguments.checked()))
      try VerbCheck.check(arguments, root: JacquardCommand.self)
      var command = try JacquardCommand.parseAsRoot(arguments)
      // Help must work, whatever is wrong with the environment.
      if VerbCheck.isVerb(command, of: JacquardCommand.self) { try SettingVariables.check() }
      if let server, let serve = command as? Serve { try serve.serve(with: server) } else { try command.run() }
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

  /// Answers a request for help, or reports an error in the arguments or from elsewhere in the program.
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

  /// Reports the failure and returns its exit code.
  private static func report(_ failure: CommandFailure, on console: Console) -> ExitStatus {
    console.report(failure: failure.message)
    return failure.status
  }

  /// Help text with its usage line, which the parser does not break, folded to the terminal's width.
  private static func foldedUsage(_ help: String) -> String {
    let columns = StandardStream.output.columns ?? 80
    return help.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
      guard line.count > columns, line.utf8.starts(with: "USAGE: ".utf8) else { return String(line) }
      // Non-breaking spaces join what belongs together.
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

  /// The parser's message and its pointer to the help, without the usage text between them.
  private static func usageFailure(_ error: any Error) -> CommandFailure {
    var message = JacquardCommand.message(for: error)
    if let last = message.last, !last.isPunctuation || last == "'" || last == ">" { message += "." }
    let help = JacquardCommand.fullMessage(for: error).split(separator: "\n").last { $0.contains("See '") }
    return CommandFailure(.usage, message + "\n" + (help ?? "See 'jacquard --help' for more information."))
  }
}
