using ClosedLoop.Alerting.Sinks;

namespace ClosedLoop.Cli.Showing;

/// <summary>What others wrote, made harmless for a terminal: no escapes, no control characters, nothing that turns the reading direction, cut.</summary>
internal static class Plain
{
    /// <summary>One line of at most so many characters.</summary>
    public static string Line(string? text, int maxLength = 200) => SafeText.Line(text, maxLength);

    /// <summary>The same, with nothing in it that Spectre takes for markup.</summary>
    public static string Markup(string? text, int maxLength = 200) => Spectre.Console.Markup.Escape(Line(text, maxLength));

    /// <summary>An instant as people read it.</summary>
    public static string Instant(DateTimeOffset? at, DateTimeOffset now) => at is not { } instant ? "" : instant.UtcDateTime.Date == now.UtcDateTime.Date
        ? instant.UtcDateTime.ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)
        : instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}
