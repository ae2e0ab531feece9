using System.Text.RegularExpressions;
using ClosedLoop.Adapters;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>Checks the options.</summary>
internal static partial class AlertmanagerOptionsRules
{
    private const int MaxReplicas = 10;

    public static SinkProblems Check(AlertmanagerOptions options)
    {
        var problems = new SinkProblems(SinkRegistration.Path("Alertmanager", options.Name), options);
        if (options.Addresses.Count is 0 or > MaxReplicas) problems.Add(nameof(options.Addresses), $"lists {options.Addresses.Count} addresses", $"list 1 to {MaxReplicas}, such as http://alertmanager-0:9093/");
        for (int i = 0; i < options.Addresses.Count; i++)
        {
            problems.Address($"{nameof(options.Addresses)}:{i}", options.Addresses[i], "set one such as http://alertmanager-0:9093/");
            if (options.Addresses[i] is { IsAbsoluteUri: true, Query.Length: > 0 } or { IsAbsoluteUri: true, Fragment.Length: > 0 }) problems.Add($"{nameof(options.Addresses)}:{i}", "has a query or a fragment", "end it with the path below which Alertmanager is served");
            if (options.Addresses.Take(i).Contains(options.Addresses[i])) problems.Add($"{nameof(options.Addresses)}:{i}", "is listed twice", "remove one of them");
        }
        problems.Between(nameof(options.RefreshEvery), options.RefreshEvery, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(10));
        if (options.BatchSize is < 1 or > 5_000) problems.Add(nameof(options.BatchSize), $"is {options.BatchSize}", "use 1 to 5000");
        foreach (var (name, value) in options.Labels)
        {
            string option = $"{nameof(options.Labels)}:{SourceText.Quote(name)}";
            if (!LabelName().IsMatch(name)) problems.Add(option, "is not a label's name", "use letters, digits and '_', not beginning with a digit");
            else if (AlertLabels.Own.Contains(name, StringComparer.Ordinal)) problems.Add(option, "is a label of the sink's own", "use another name");
            if (string.IsNullOrWhiteSpace(value)) problems.Add(option, "is empty, which Alertmanager drops", "give it a value or remove it");
        }
        if (options.Token is not null) problems.Token(nameof(options.Token), options.Token, "set the token, or leave it null");
        return problems;
    }

    [GeneratedRegex("^[a-zA-Z_][a-zA-Z0-9_]{0,99}$", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex LabelName();
}
