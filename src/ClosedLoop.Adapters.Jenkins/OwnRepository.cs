using System.Text.Json;

namespace ClosedLoop.Adapters.Jenkins;

/// <summary>
/// Guesses which of the repositories that a build checked out is the one that it is about, when nobody has configured it: the others are shared
/// libraries. Only for explaining files; what counts is configured.
/// </summary>
internal static class OwnRepository
{
    private static readonly string[] LibraryWords = ["library", "libraries", "lib", "libs", "shared", "jenkins", "pipeline", "pipelines", "ci"];

    public static string? Choose(JsonElement build, string job, ICollection<string> diagnostics)
    {
        var logged = build.Elements("changeSets").Append(build.Member("changeSet") ?? default)
            .SelectMany(static set => set.Elements("items")).Select(static i => CommitId.Read(i.Text("commitId"))).OfType<string>().ToHashSet(StringComparer.Ordinal);
        string[] names = [.. job.Split('/').Select(Uri.UnescapeDataString)];
        var scores = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var action in build.Elements("actions"))
        {
            if (action.Member("lastBuiltRevision") is not { } revision || CommitId.Read(revision.Text("SHA1")) is not { } sha) continue;
            string[] branches = [.. revision.Elements("branch").Select(static b => b.Text("name")).OfType<string>()];
            foreach (string name in action.Elements("remoteUrls").Select(static r => r.AsText()).OfType<string>().Select(RemoteRepository.NameOf).OfType<string>())
            {
                string leaf = name[(name.LastIndexOf('/') + 1)..];
                int score = (logged.Contains(sha) ? 8 : 0)
                    + (Array.Exists(branches, b => b == names[^1] || b.EndsWith("/" + names[^1], StringComparison.Ordinal)) ? 4 : 0)
                    + (string.Join('/', names).Contains(leaf, StringComparison.OrdinalIgnoreCase) ? 2 : 0)
                    - (leaf.Split('-', '_', '.').Any(static word => LibraryWords.Contains(word, StringComparer.Ordinal)) ? 1 : 0);
                scores[name] = Math.Max(score, scores.GetValueOrDefault(name, int.MinValue));
            }
        }
        if (scores.Count == 0) return null;
        int best = scores.Values.Max();
        // Libraries are checked out before the repository itself, as a rule.
        string chosen = scores.Last(s => s.Value == best).Key;
        if (scores.Values.Count(s => s == best) > 1) diagnostics.Add($"several repositories were checked out and nothing tells them apart; {chosen} is taken, configure Jenkins:Jobs:n:Repository");
        return chosen;
    }
}
