using System.Globalization;
using System.Text.Json;
using ClosedLoop.Adapters.GitHub.Observations;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Webhooks;

/// <summary>
/// Reads <c>merge_group</c>. A group is only a candidate, its commit counts when it lands, and the payload has no time that would order it: it asks for
/// a look at the pull request that its branch names and, once it is merged, at its commit. Returns the field that is missing, or null.
/// </summary>
internal static class MergeGroupPayload
{
    private const string Queue = "refs/heads/gh-readonly-queue/";

    public static string? Read(JsonElement payload, string repository, GitHubSettings settings, Harvest harvest)
    {
        var group = payload.Field("merge_group");
        if (group.Text("head_sha") is not { } sha || !KeyText.IsCommit(sha)) return "merge_group.head_sha";
        if (group.Text("head_ref") is not { } reference) return "merge_group.head_ref";
        if (NumberOf(reference) is { } number) harvest.Hints.Add(Key.PullRequest(repository, number));
        if (payload.Text("reason") is { } reason && reason.Equals("merged", StringComparison.OrdinalIgnoreCase))
        {
            harvest.Hints.Add(Key.Commit(repository, sha));
            return null;
        }
        if (harvest.Hints.Count == 0) harvest.Nothing = "a merge queue's group is only a candidate; its commit counts when it lands";
        return null;
    }

    /// <summary>The last pull request of a group: of <c>…/main/pr-12-BASE</c> 12. A base branch may have such a name itself, so the last part counts.</summary>
    private static long? NumberOf(string reference)
    {
        if (!reference.StartsWith(Queue, StringComparison.Ordinal)) return null;
        string last = reference[(reference.LastIndexOf('/') + 1)..];
        return last.Split('-') is ["pr", var number, var sha] && KeyText.IsCommit(sha) &&
            int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int found) && found > 0 ? found : null;
    }
}
