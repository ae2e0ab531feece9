using System.Globalization;
using ClosedLoop.Cli.Reading;
using Spectre.Console;

namespace ClosedLoop.Cli.Showing;

/// <summary>An incident in two lines: what holds items up, and what unblocks it.</summary>
internal static class IncidentLines
{
    public static void Write(IAnsiConsole screen, IncidentLine incident, DateTimeOffset now)
    {
        screen.MarkupLine($"[red]{Plain.Markup(incident.Severity, 20)}[/] {Plain.Markup(incident.Title, 160)} [grey]since {Plain.Instant(incident.Since, now)}, {incident.Count.ToString(CultureInfo.InvariantCulture)} items, {Plain.Markup(incident.State, 20)}{(incident.Owner is null ? "" : $", {Plain.Markup(incident.Owner, 60)}")}[/]");
        if (incident.NextAction.Length > 0) screen.MarkupLine($"  {Plain.Markup(incident.NextAction, 300)}");
    }
}
