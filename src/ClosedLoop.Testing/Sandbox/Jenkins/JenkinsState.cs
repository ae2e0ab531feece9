using System.Diagnostics.CodeAnalysis;

namespace ClosedLoop.Testing.Sandbox.Jenkins;

/// <summary>What the simulated Jenkins holds: one job per repository, named as the repository is without its owner.</summary>
internal sealed class JenkinsState
{
    private readonly Dictionary<string, List<JenkinsBuild>> _jobs = new(StringComparer.Ordinal);

    public JenkinsState(Uri address, Uri gitHub, IEnumerable<string> repositories)
    {
        Address = address;
        GitHub = gitHub;
        foreach (string repository in repositories) _jobs[Job(repository)] = [];
    }

    public Uri Address { get; }

    /// <summary>Where the jobs clone from.</summary>
    public Uri GitHub { get; }

    public static string Job(string repository) => repository.Split('/')[1];

    public JenkinsBuild Start(string repository, string revision, IReadOnlyList<string> changes, DateTimeOffset now)
    {
        string job = Job(repository);
        var builds = _jobs[job];
        var build = new JenkinsBuild(job, repository, builds.Count + 1, revision, changes, now);
        builds.Add(build);
        return build;
    }

    public bool TryFind(string job, [NotNullWhen(true)] out IReadOnlyList<JenkinsBuild>? builds)
    {
        bool found = _jobs.TryGetValue(job, out var list);
        builds = list;
        return found;
    }
}
