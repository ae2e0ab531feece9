using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ClosedLoop.Adapters.Health;

/// <summary>One alert of a notification.</summary>
internal sealed record AlertSeen(string Fingerprint, bool? IsFiring, string Word, DateTimeOffset StartsAt, DateTimeOffset EndsAt, JsonElement Labels, string Title, string? Url)
{
    private const int MaxFingerprint = 64, FingerprintBytes = 8;

    /// <summary>Reads it, or says what is missing.</summary>
    public static AlertSeen? Read(JsonElement alert, out string missing)
    {
        missing = "labels";
        if (alert.Member("labels") is not { ValueKind: JsonValueKind.Object } labels) return null;
        missing = "status";
        if (alert.Text("status") is not { } status) return null;
        missing = "startsAt";
        // Go's zero time is none.
        if (alert.Time("startsAt") is not { Year: > 1970 } starts) return null;
        var ends = alert.Time("endsAt") is { } end && end > starts ? end : starts;
        string title = SourceText.Quote(labels.Text("alertname") ?? "without a name");
        if ((alert.Text("annotations", "summary") ?? alert.Text("annotations", "description")) is { Length: > 0 } summary) title = $"{title}: {SourceText.Quote(summary)}";
        bool? firing = status switch
        {
            "firing" => true,
            "resolved" => false,
            _ => null,
        };
        return new AlertSeen(alert.Text("fingerprint") is { Length: > 0 and <= MaxFingerprint } given && given.All(char.IsAsciiLetterOrDigit) ? given : Identify(labels), firing, status, starts, ends, labels, title, alert.Text("generatorURL"));
    }

    // An alert is its labels; Alertmanager's own fingerprint says the same in other digits.
    private static string Identify(JsonElement labels)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in labels.EnumerateObject().Select(static l => (l.Name, Value: l.Value.AsText() ?? "")).OrderBy(static l => l.Name, StringComparer.Ordinal)) text.Append(name).Append('\0').Append(value).Append('\0');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, FingerprintBytes));
    }
}
