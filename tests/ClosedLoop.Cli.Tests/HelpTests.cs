using System.CommandLine;
using ClosedLoop.Cli.Helping;
using ClosedLoop.Cli.Tests.Support;

namespace ClosedLoop.Cli.Tests;

/// <summary>Help, as who has never seen the command reads it.</summary>
public sealed class HelpTests
{
    private const int Width = 100;

    private static readonly RootCommand Root = ClosedLoopCommand.Create(new CliEnvironment { Input = Stream.Null, Output = TextWriter.Null, Error = TextWriter.Null });

    public static TheoryData<string> Commands => [.. Root.Subcommands.Select(static c => c.Name)];

    [Fact]
    public void All_commands_that_were_promised_are_there() =>
        Assert.Equal(
            ["backfill", "completion", "explain", "export", "graph", "mcp", "migrate", "rebuild", "record", "show", "status", "stuck", "verify", "waive", "watch", "why"],
            Root.Subcommands.Select(static c => c.Name).Order(StringComparer.Ordinal).ToArray());

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_argument_and_option_is_described_and_no_line_is_too_wide(string name)
    {
        var command = Root.Subcommands.Single(c => c.Name == name);
        Assert.True(command.Description?.Length > 20, name);
        Assert.All(command.Arguments, a => Assert.False(string.IsNullOrWhiteSpace(a.Description), $"{name} {a.Name}"));
        Assert.All(command.Options, o => Assert.False(string.IsNullOrWhiteSpace(o.Description), $"{name} {o.Name}"));
        string help = HelpText.Of(command, Width);
        Assert.StartsWith(command.Description!.Split('\n')[0], help, StringComparison.Ordinal);
        foreach (string part in command.Arguments.Select(static a => a.Name).Concat(command.Options.Select(static o => o.Name)).Concat(["--store", "--url", "--config", $"closedloop {name} "])) Assert.Contains(part, help, StringComparison.Ordinal);
        // Paragraphs are wrapped by the terminal; the columns are not.
        Assert.All(help[help.IndexOf("Usage:", StringComparison.Ordinal)..].Split('\n').Skip(2), line => Assert.True(line.Length <= Width, line));

        var typed = await Typed.LineAsync(TimeProvider.System, Path.GetTempPath(), null, name, "--help");
        Assert.Equal((0, ""), (typed.Code, typed.Error));
        Assert.Contains($"closedloop {name} ", typed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_command_the_help_names_all_of_them_and_the_exit_codes()
    {
        var typed = await Typed.LineAsync(TimeProvider.System, Path.GetTempPath(), null);
        Assert.Equal((0, ""), (typed.Code, typed.Error));
        Assert.All(Root.Subcommands, c => Assert.Contains($"\n  {c.Name} ", typed.Output, StringComparison.Ordinal));
        foreach (string code in (string[])["3 waiting", "4 overdue", "5 regressed", "6 abandoned"]) Assert.Contains(code, typed.Output, StringComparison.Ordinal);
        Assert.Equal(typed.Output.Trim(), (await Typed.LineAsync(TimeProvider.System, Path.GetTempPath(), null, "--help")).Output.Trim());
    }

    [Fact]
    public void Why_reads_like_this() => Assert.Equal(
        """
        Says why an item is not done: which gate holds it up, since when, who says so, and what would release it.

        Exit codes, for scripts; the first that fits counts:
          0  done: every gate of its DONE definition holds
          6  abandoned: all its changes were closed without being merged
          5  regressed: a gate that it needs had passed and no longer holds
          4  overdue: not done, and a limit of it has run out
          3  waiting: not done, nothing late, nothing went back
          1  it cannot be said (unknown item, no record); 2  the command line is wrong

        Usage:
          closedloop why ITEM [options]

        Arguments:
          ITEM  The item's id, such as BL-42.

        Options:
          --json  Prints one JSON object and nothing else; its shape is stable (docs/cli.md).

        """,
        HelpText.Of(Root.Subcommands.Single(static c => c.Name == "why"), Width).Split("\nOptions of all commands:")[0]);
}
