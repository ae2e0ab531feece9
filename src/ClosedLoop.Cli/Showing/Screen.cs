using Spectre.Console;

namespace ClosedLoop.Cli.Showing;

/// <summary>Where people read: with colours on a terminal that has them, plain text in a pipe or with NO_COLOR.</summary>
internal static class Screen
{
    public static IAnsiConsole Of(CliEnvironment environment)
    {
        bool plain = !environment.IsTerminal || !string.IsNullOrEmpty(environment.Variable("NO_COLOR")) || environment.Variable("TERM") == "dumb";
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = InteractionSupport.No,
            Out = new FixedWidthOutput(environment.Output, environment.Width, !plain),
        });
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    /// <summary>A table without lines that a script would have to cut away.</summary>
    public static Table Table(params string[] columns)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (string column in columns) table.AddColumn(new TableColumn($"[bold]{column}[/]").NoWrap().PadRight(2));
        return table;
    }

    /// <summary>The colour of a gate's status.</summary>
    public static string Colour(string status) => status switch
    {
        "passed" => "green",
        "failed" => "red",
        "running" => "blue",
        "notApplicable" => "grey",
        _ => "yellow",
    };
}
