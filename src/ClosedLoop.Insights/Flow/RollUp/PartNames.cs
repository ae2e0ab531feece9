using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClosedLoop.Insights.Flow.RollUp;

/// <summary>The names of the roll-up's documents. What a part is of is in its text; the names need only be unique and allowed.</summary>
internal static class PartNames
{
    public const string Prefix = "insights/flow/";

    public const string Head = Prefix + "head";

    public const string Parts = Prefix + "parts/";

    public static string Counts(string pipeline, int year) => string.Create(CultureInfo.InvariantCulture, $"{Parts}{Safe(pipeline)}/counts/{year:0000}");

    public static string Series(SeriesKey key) => $"{Parts}{Safe(key.Owner)}/{Safe(key.Series)}/{key.Week}";

    // Names of gates, pipelines and environments are free text; a long or odd one is told from others by its digest.
    private static string Safe(string text) =>
        text.Length is > 0 and <= 60 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':')
            ? text
            : "~" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
}
