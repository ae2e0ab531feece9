using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using ClosedLoop.Cli.Agents;
using ClosedLoop.Cli.Commands;
using ClosedLoop.Cli.Completing;
using ClosedLoop.Cli.Explaining;
using ClosedLoop.Cli.Exporting;
using ClosedLoop.Cli.Graphs;
using ClosedLoop.Cli.Helping;
using ClosedLoop.Cli.Targets;

namespace ClosedLoop.Cli;

/// <summary>The command line: parses it and runs what it names.</summary>
internal static class ClosedLoopCommand
{
    /// <summary>The exit code for a wrong argument or an unreadable file.</summary>
    public const int Misused = ExitCodes.Misused;

    private const string Description = """
        ClosedLoop: which gates has a change really passed, who says so, and what is it waiting for?

        Reads and writes a record: a store (--store) or a service that has one (--url).

        To begin with:
          closedloop status                     where everything stands
          closedloop why BL-42                  why an item is not done, and what would release it
          closedloop stuck                      what does not move by itself

        Exit codes: 0 done; 1 it could not be done; 2 wrong command line; of 'why': 3 waiting, 4 overdue, 5 regressed, 6 abandoned; 130 stopped.
        """;

    public static Task<int> RunAsync(string[] args, Stream input, TextWriter output, TextWriter error) =>
        RunAsync(args, new CliEnvironment { Input = input, Output = output, Error = error });

    public static async Task<int> RunAsync(string[] args, CliEnvironment environment)
    {
        var parsed = Create(environment).Parse(args);
        // The whole help after a slip hides what was wrong.
        if (parsed.Action is ParseErrorAction)
        {
            foreach (string slip in Slips.Of(parsed)) await environment.Error.WriteLineAsync(slip).ConfigureAwait(false);
            await environment.Error.WriteLineAsync($"See '{Path(parsed.CommandResult.Command)} --help'.").ConfigureAwait(false);
            return Misused;
        }
        int code = await parsed.InvokeAsync(new InvocationConfiguration { Output = environment.Output, Error = environment.Error }).ConfigureAwait(false);
        return parsed.Errors.Count > 0 && parsed.Action is not ShowHelp ? Misused : code;
    }

    /// <summary>All commands.</summary>
    public static RootCommand Create(CliEnvironment environment)
    {
        var targets = new TargetOptions();
        var kit = new CommandKit(environment, targets);
        var root = new RootCommand(Description)
        {
            StatusCommand.Create(kit),
            WhyCommand.Create(kit),
            ShowCommand.Create(kit),
            StuckCommand.Create(kit),
            WatchCommand.Create(kit),
            GraphCommand.Create(kit),
            ExportCommand.Create(kit),
            ByHandCommands.Record(kit),
            ByHandCommands.Waive(kit),
            BackfillCommand.Create(kit),
            VerifyCommand.Create(kit),
            RebuildCommand.Create(kit),
            MigrateCommand.Create(kit),
            McpCommand.Create(kit),
            ExplainCommand.Create(environment.Input, environment.Output, environment.Error),
            CompletionCommand.Create(environment),
        };
        targets.AddTo(root);
        var help = root.Options.OfType<HelpOption>().Single();
        help.Description = "Tells how the command is used.";
        help.Action = new ShowHelp(environment);
        root.Options.OfType<VersionOption>().Single().Description = "Tells the version.";
        // Without a command there is nothing wrong yet: this is how people begin.
        root.SetAction(_ => environment.Output.Write(HelpText.Of(root, environment.Width)));
        return root;
    }

    private static string Path(Command command) => command is RootCommand ? "closedloop" : string.Join(' ', command.Parents.OfType<Command>().Select(Path).Append(command.Name));
}
