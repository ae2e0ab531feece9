using System.Collections.Immutable;
using System.Text.Json;

namespace ClosedLoop.Adapters.Jenkins;

/// <summary>Reads one build of the JSON API.</summary>
internal static class BuildReader
{
    /// <summary>The fields that are asked for: never <c>depth</c>, which brings whole objects.</summary>
    public const string Tree =
        "number,url,result,building,timestamp,duration,actions[lastBuiltRevision[SHA1,branch[SHA1,name]],remoteUrls,causes[_class]],changeSets[items[commitId]],changeSet[items[commitId]]";

    /// <summary>Reads a build, or null when it is of another branch or is no build.</summary>
    public static BuildReading? Read(JsonElement build, JobRule job, ICollection<string> diagnostics)
    {
        if (build.Number("number") is not { } number || number <= 0 || build.Flag("building") is not { } building) return null;
        var sources = Sources(build).ToList();
        var own = sources.Where(s => s.Remotes.Exists(r => RemoteRepository.Matches(r, job.Repository))).ToList();
        // Without remotes there is nothing to tell repositories apart, which is safe only when there is one.
        if (own.Count == 0 && sources.Count == 1 && sources[0].Remotes.Count == 0) own = sources;
        if (own.Count > 0)
        {
            own.RemoveAll(s => s.Branches.Count > 0 && !s.Branches.Exists(job.IsBranch));
            if (own.Count == 0) return null;
        }
        var changes = own.Count == 0 && sources.Count > 0 ? [] : Changes(build, own, sources);

        string? revision = Choose(own, changes, $"{job.Name} #{number}", diagnostics);
        long? start = build.Number("timestamp");
        string? result = build.Text("result");
        // The result can be there before the post-build steps are through: both must say that it has ended.
        bool ended = !building && result is not null;
        return new BuildReading
        {
            Job = job,
            Number = number,
            Stage = ended ? BuildStage.Finished : BuildStage.Running,
            Result = ended ? result : null,
            Timestamp = ended && start is > 0 and < long.MaxValue / 2 ? start + Math.Clamp(build.Number("duration") ?? 0, 0, long.MaxValue / 4) : start,
            Revision = job.PullRequest is null ? revision : Head(own, revision) ?? revision,
            IsReplay = build.Elements("actions").Any(static a => a.Elements("causes").Any(static c => c.Text("_class")?.EndsWith("ReplayCause", StringComparison.Ordinal) == true)),
            Commits = revision is null ? changes : changes.Add(revision),
        };
    }

    // A freestyle build has one changeSet, a pipeline an array of them, one for each checkout. They do not say which repository they are of: the one
    // with the built revision is the repository's, and one with a library's revision is that library's.
    private static ImmutableSortedSet<string> Changes(JsonElement build, List<Source> own, List<Source> sources)
    {
        var sets = build.Elements("changeSets").Append(build.Member("changeSet") ?? default)
            .Select(static set => set.Elements("items").Select(static item => CommitId.Read(item.Text("commitId"))).OfType<string>().ToImmutableSortedSet(StringComparer.Ordinal))
            .ToList();
        var named = sets.FindAll(set => own.Exists(s => set.Contains(s.Sha)));
        if (named.Count == 0) named = sets.FindAll(set => !sources.Exists(s => !own.Contains(s) && set.Contains(s.Sha)));
        return named.SelectMany(static set => set).ToImmutableSortedSet(StringComparer.Ordinal);
    }

    // What a pull request's job builds can be a merge with the target branch, made for that build; the branch's own commit is the request's head.
    private static string? Head(List<Source> own, string? revision) => own.Find(s => s.Sha == revision)?.Head;

    private static IEnumerable<Source> Sources(JsonElement build)
    {
        foreach (var action in build.Elements("actions"))
        {
            if (action.Member("lastBuiltRevision") is not { } revision || CommitId.Read(revision.Text("SHA1")) is not { } sha) continue;
            yield return new Source(
                sha,
                revision.Elements("branch").Select(static b => CommitId.Read(b.Text("SHA1"))).FirstOrDefault(),
                [.. revision.Elements("branch").Select(static b => b.Text("name")).OfType<string>().Where(static b => b.Length > 0 && b != "detached")],
                [.. action.Elements("remoteUrls").Select(static r => r.AsText()).OfType<string>()]);
        }
    }

    // A second checkout of the same repository (a release's tag, say) is not what this build is about. Without any checkout a change log
    // of one commit names it; of several, nothing says which one was built.
    private static string? Choose(List<Source> own, ImmutableSortedSet<string> changes, string build, ICollection<string> diagnostics)
    {
        var revisions = own.Select(static s => s.Sha).Distinct(StringComparer.Ordinal).ToList();
        if (revisions.Count <= 1) return revisions.FirstOrDefault() ?? (changes.Count == 1 ? changes[0] : null);
        var named = own.Where(static s => s.Branches.Count > 0).Select(static s => s.Sha).Distinct(StringComparer.Ordinal).ToList();
        var candidates = named.Count > 0 ? named : revisions;
        string chosen = candidates.Find(changes.Contains) ?? candidates[0];
        diagnostics.Add($"{build} checked out {revisions.Count} revisions of the repository; {chosen} counts");
        return chosen;
    }

    private sealed record Source(string Sha, string? Head, List<string> Branches, List<string> Remotes);
}
