using System.Globalization;
using System.Text;

namespace ClosedLoop.AspNetCore.Metrics;

/// <summary>Writes the text exposition format 0.0.4 of Prometheus. Pure.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The longest value of a label, in characters.</summary>
    public const int MaxValue = 200;

    public static string Write(IEnumerable<MetricFamily> families)
    {
        var text = new StringBuilder(16_384);
        foreach (var family in families.OrderBy(static f => f.Name, StringComparer.Ordinal))
        {
            text.Append("# HELP ").Append(family.Name).Append(' ').Append(family.Help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
            text.Append("# TYPE ").Append(family.Name).Append(' ').Append(family.Type).Append('\n');
            foreach (var sample in family.Samples) Append(text, family.Name, sample);
        }
        return text.ToString();
    }

    /// <summary>A name with only the characters that Prometheus takes.</summary>
    public static string Name(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (char c in name) text.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        if (text.Length == 0 || char.IsAsciiDigit(text[0])) text.Insert(0, '_');
        return text.ToString();
    }

    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static void Append(StringBuilder text, string name, MetricSample sample)
    {
        text.Append(name).Append(sample.Suffix);
        for (int i = 0; i < sample.Labels.Count; i++)
        {
            text.Append(i == 0 ? '{' : ',').Append(sample.Labels[i].Name).Append("=\"");
            AppendValue(text, sample.Labels[i].Value);
            text.Append('"');
        }
        if (sample.Labels.Count > 0) text.Append('}');
        text.Append(' ').Append(Number(sample.Value)).Append('\n');
    }

    // A value may be any text that a source sent. Prometheus reads a NUL as the end of everything.
    private static void AppendValue(StringBuilder text, string value)
    {
        for (int i = 0; i < value.Length && i < MaxValue; i++)
        {
            char c = value[i];
            if (char.IsHighSurrogate(c) && i + 1 < value.Length && i + 1 < MaxValue && char.IsLowSurrogate(value[i + 1]))
            {
                text.Append(c).Append(value[++i]);
                continue;
            }
            text.Append(c switch
            {
                '\\' => "\\\\",
                '"' => "\\\"",
                '\n' => "\\n",
                _ when char.IsControl(c) || char.IsSurrogate(c) => "\uFFFD",
                _ => c.ToString(),
            });
        }
    }
}
