using ClosedLoop.AspNetCore.Api;
using Spectre.Console;

namespace ClosedLoop.Cli.Showing;

/// <summary>An item in one line: its id and why it is where it is.</summary>
internal static class ItemLines
{
    private const int IdWidth = 24;

    public static void Write(IAnsiConsole screen, ItemBody item)
    {
        string line = $"{Plain.Line(item.Id, 80).PadRight(IdWidth)}  {Plain.Line(item.Why, 300)}";
        int width = screen.Profile.Width;
        string colour = item.Done ? "green" : item.Overdue ? "red" : "default";
        screen.MarkupLine($"[{colour}]{Markup.Escape(line.Length <= width ? line : line[..(width - 1)] + "…")}[/]");
    }
}
