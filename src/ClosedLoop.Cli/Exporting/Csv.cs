using System.Globalization;

namespace ClosedLoop.Cli.Exporting;

/// <summary>Comma-separated values as of RFC 4180, harmless for a spreadsheet and for a terminal.</summary>
internal static class Csv
{
    private const int MaxField = 4_000;

    public static string Row(params ReadOnlySpan<string?> fields) => string.Join(',', fields.ToArray().Select(Field));

    public static string Instant(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture) ?? "";

    // A field that begins so is a formula to a spreadsheet, and would be run there.
    private static string Field(string? text)
    {
        string field = Showing.Plain.Line(text, MaxField);
        if (field.Length > 0 && field[0] is ('=' or '+' or '-' or '@')) field = "'" + field;
        return field.AsSpan().IndexOfAny(',', '"') < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
