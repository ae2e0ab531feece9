using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>A repository's branches and commits as GitHub's API shows them: history by time, merged branches among it.</summary>
internal sealed partial class FakeLines
{
    private readonly Dictionary<string, JsonObject> _commits = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _parents = new(StringComparer.Ordinal);

    private bool _withMessages;

    /// <summary>Where the branches stand.</summary>
    public SortedDictionary<string, string> Branches { get; } = new(StringComparer.Ordinal);

    public string Default { get; set; } = "main";

    /// <summary>The repository's deployments, newest first.</summary>
    public JsonArray Deployments { get; } = [];

    public static string Sha(int number) => number.ToString("x40", CultureInfo.InvariantCulture);

    /// <summary>Makes a commit, committed as many seconds after the start as its number says.</summary>
    public string Commit(int number, string message = "Change", params int[] parents)
    {
        string sha = Sha(number);
        _parents[sha] = [.. parents.Select(Sha)];
        _commits[sha] = new JsonObject
        {
            ["oid"] = sha,
            ["committedDate"] = Payloads.At(number),
            ["message"] = message,
            ["parents"] = new JsonObject { ["totalCount"] = parents.Length, ["nodes"] = new JsonArray([.. _parents[sha].Select(static p => new JsonObject { ["oid"] = p })]) },
        };
        return sha;
    }

    /// <summary>Makes a line of commits from 1 on, each the child of the one before, and puts the branch on the last.</summary>
    public string Chain(int length, string branch = "main")
    {
        for (int i = 1; i <= length; i++) Commit(i, "Change", i == 1 ? [] : [i - 1]);
        return Branches[branch] = Sha(length);
    }

    public JsonObject this[string sha] => _commits[sha];

    /// <summary>Answers the part of a query that is about one repository.</summary>
    public void Answer(string query, string block, JsonObject commits, JsonObject found)
    {
        _withMessages = query.Contains(" message ", StringComparison.Ordinal);
        if (block.Contains("defaultBranchRef { ...head }", StringComparison.Ordinal)) found["defaultBranchRef"] = Ref(Default, commits, history: false);
        if (block.Contains("defaultBranchRef { name }", StringComparison.Ordinal)) found["defaultBranchRef"] = new JsonObject { ["name"] = Default };
        foreach (Match match in RefAlias().Matches(block))
            found[match.Groups[1].Value] = Ref(JsonNode.Parse(match.Groups[2].Value)!.GetValue<string>()["refs/heads/".Length..], commits, match.Groups[3].Value.Contains("...history", StringComparison.Ordinal));
        foreach (Match match in HistoryAlias().Matches(block)) found[match.Groups[1].Value] = _commits.ContainsKey(match.Groups[2].Value) ? WithHistory(match.Groups[2].Value) : null;
        if (block.Contains("\n    deployments(", StringComparison.Ordinal)) found["deployments"] = new JsonObject { ["nodes"] = Deployments.DeepClone() };
    }

    private JsonObject? Ref(string branch, JsonObject commits, bool history)
    {
        if (!Branches.TryGetValue(branch, out string? sha)) return null;
        var target = history ? WithHistory(sha) : commits[sha]?.DeepClone().AsObject() ?? new JsonObject { ["oid"] = sha };
        return new JsonObject { ["name"] = branch, ["target"] = target };
    }

    private JsonObject WithHistory(string sha)
    {
        var page = new List<string>();
        var open = new SortedSet<string>(Comparer<string>.Create(static (a, b) => string.CompareOrdinal(b, a))) { sha };
        while (page.Count < 100 && open.Min is { } newest && open.Remove(newest))
        {
            if (page.Contains(newest) || !_parents.TryGetValue(newest, out string[]? parents)) continue;
            page.Add(newest);
            open.UnionWith(parents);
        }
        var nodes = new JsonArray([.. page.Select(p => _commits[p].DeepClone())]);
        if (!_withMessages) foreach (var node in nodes) node!.AsObject().Remove("message");
        return new JsonObject { ["oid"] = sha, ["history"] = new JsonObject { ["nodes"] = nodes } };
    }

    [GeneratedRegex("""([bl]\d+): ref\(qualifiedName: ("(?:[^"\\]|\\.)*")\) \{(.*)\}""")]
    private static partial Regex RefAlias();

    [GeneratedRegex("""(h\d+): object\(oid: "([0-9a-f]+)"\)""")]
    private static partial Regex HistoryAlias();
}
