using System.CommandLine;
using System.Globalization;

namespace ClosedLoop.Cli.Commands;

/// <summary>Durations as they are written on a command line: 20s, 5m, 2h, 90d.</summary>
internal static class Durations
{
    private const long MaxSeconds = 36_500 * 86_400L;

    public static Option<TimeSpan?> Option(string name, string description) => new(name)
    {
        Description = $"{description} A whole number and a unit: 20s, 5m, 2h, 90d.",
        HelpName = "DURATION",
        CustomParser = result =>
        {
            string text = result.Tokens is [var token] ? token.Value : "";
            if (TryParse(text, out var duration)) return duration;
            result.AddError($"{name} '{text}' is no duration; write a whole number and a unit: 20s, 5m, 2h, 90d.");
            return null;
        },
    };

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number == 0) return false;
        long seconds = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 0 };
        if (seconds == 0 || number * seconds > MaxSeconds) return false;
        duration = TimeSpan.FromSeconds(number * seconds);
        return true;
    }
}
