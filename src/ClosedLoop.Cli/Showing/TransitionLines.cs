using System.Globalization;
using ClosedLoop.AspNetCore.Api;
using Spectre.Console;

namespace ClosedLoop.Cli.Showing;

/// <summary>Transitions as lines for people, one each.</summary>
internal static class TransitionLines
{
    private const int IdWidth = 24;

    public static void Write(IAnsiConsole screen, IEnumerable<TransitionBody> transitions, DateTimeOffset now, bool withItem)
    {
        foreach (var transition in transitions) Write(screen, transition, now, withItem);
    }

    public static void Write(IAnsiConsole screen, TransitionBody transition, DateTimeOffset now, bool withItem)
    {
        string line = $"{Plain.Instant(transition.RecordedAt, now)}  {(withItem ? Plain.Line(transition.ItemId, 80).PadRight(IdWidth) + "  " : "")}{What(transition)}";
        // One transition is one line, and a script counts on it.
        int width = screen.Profile.Width;
        screen.MarkupLine($"[{Tint(transition)}]{Markup.Escape(line.Length <= width ? line : line[..(width - 1)] + "…")}[/]");
    }

    private static string What(TransitionBody t)
    {
        string text = t.Kind switch
        {
            "gate" => $"{t.Gate}: {t.From} -> {t.To}{(t.Reason == "none" ? "" : $" ({t.Reason})")}",
            "completed" => string.Create(CultureInfo.InvariantCulture, $"done ({t.DoneDefinition})"),
            "reopened" => $"not done any more: {t.Gate}",
            "overdue" => $"overdue: {t.Gate}",
            _ => t.Kind,
        };
        if (t.Writer is not null) text += $"  {t.Writer}";
        if (t.Detail is not null) text += $"  {t.Detail}";
        return Plain.Line(text, 200);
    }

    private static string Tint(TransitionBody t) => t switch
    {
        { Kind: "completed" } => "green",
        { Kind: "overdue" or "reopened" } or { To: "failed" } => "red",
        _ => "default",
    };
}
