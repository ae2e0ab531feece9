using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Jenkins;

/// <summary>The options, checked and frozen.</summary>
internal sealed class JenkinsSettings
{
    private readonly FrozenDictionary<string, JobRule> _jobs;
    private readonly FrozenDictionary<string, ProjectRule> _projects;

    private JenkinsSettings(ImmutableArray<JobRule> jobs, ImmutableArray<ProjectRule> projects)
    {
        Jobs = jobs;
        Projects = projects;
        _projects = projects.ToFrozenDictionary(static p => p.Name, StringComparer.OrdinalIgnoreCase);
        // Jenkins itself does not let two items of a folder differ by case only.
        _jobs = jobs.ToFrozenDictionary(static j => j.Name, StringComparer.OrdinalIgnoreCase);
    }

    public ImmutableArray<JobRule> Jobs { get; }

    /// <summary>The multibranch projects.</summary>
    public ImmutableArray<ProjectRule> Projects { get; }

    /// <summary>Where the API is, ending with '/'.</summary>
    public required Uri Base { get; init; }

    /// <summary>Where people see Jenkins, ending with '/': the root of every build's key.</summary>
    public required Uri Root { get; init; }

    public required UnstableMeans UnstableMeans { get; init; }

    public required int MaxBuildsPerSweep { get; init; }

    public required TimeSpan RequestTimeout { get; init; }

    public required AuthenticationHeaderValue? Authorization { get; init; }

    public required bool CountsReplays { get; init; }

    public required bool ReadsStages { get; init; }

    /// <summary>The job of that full name when its builds count, or why they do not.</summary>
    public JobRule? Find(string name, out string problem)
    {
        problem = $"the job {SourceText.Quote(name)} is not listed in Jenkins:Jobs";
        if (_jobs.TryGetValue(name, out var job)) return job;
        int slash = name.LastIndexOf('/');
        return slash > 0 && _projects.TryGetValue(name[..slash], out var project) ? project.Job(name[(slash + 1)..], out problem) : null;
    }

    public Key QueueKey(long id) => Key.Build($"{Root.AbsoluteUri}queue/item/{id}");

    public string BuildAddress(JobRule job, long number) => $"{Root.AbsoluteUri}{job.Address}/{number}";

    public Key BuildKey(JobRule job, long number) => Key.Build(BuildAddress(job, number));

    public static JenkinsSettings From(JenkinsOptions options)
    {
        var root = WithSlash(options.BaseAddress!);
        return new JenkinsSettings(
            [.. options.Jobs.Select((job, i) => (job, i)).Where(static j => !j.job.IsMultibranch).Select(j => Freeze(options, j.job, j.i))],
            [.. options.Jobs.Select((job, i) => (job, i)).Where(static j => j.job.IsMultibranch).Select(j => FreezeProject(options, j.job, j.i))])
        {
            CountsReplays = options.CountReplays,
            ReadsStages = options.ReadStages,
            Base = root,
            Root = options.PublicAddress is { } shown ? WithSlash(shown) : root,
            UnstableMeans = options.UnstableMeans,
            MaxBuildsPerSweep = options.MaxBuildsPerSweep,
            RequestTimeout = options.RequestTimeout,
            Authorization = string.IsNullOrEmpty(options.UserName)
                ? null
                : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.UserName}:{options.ApiToken}"))),
        };
    }

    /// <summary>One job of one Jenkins, as a file of it shows them: for explaining it without configuration.</summary>
    public static JenkinsSettings Of(Uri root, JobRule job) => new([job], [])
    {
        Base = root,
        Root = root,
        UnstableMeans = UnstableMeans.Failed,
        MaxBuildsPerSweep = 1,
        RequestTimeout = JenkinsOptions.DefaultRequestTimeout,
        Authorization = null,
        CountsReplays = true,
        ReadsStages = false,
    };

    private static JobRule Freeze(JenkinsOptions options, JenkinsJob job, int index) =>
        new(index, JobName.Normalize(job.Path), RemoteRepository.Normalize(job.Repository), job.Branch, job.IsPartial ?? IsShared(options, job));

    private static ProjectRule FreezeProject(JenkinsOptions options, JenkinsJob job, int index) =>
        new(index, JobName.Normalize(job.Path), RemoteRepository.Normalize(job.Repository), job.Branch!, job.IsPartial ?? IsShared(options, job), job.PullRequestGate);

    private static bool IsShared(JenkinsOptions options, JenkinsJob job) => options.Jobs.Any(other => !ReferenceEquals(other, job) &&
        RemoteRepository.Normalize(other.Repository) == RemoteRepository.Normalize(job.Repository) &&
        (other.Branch is null || job.Branch is null || other.Branch == job.Branch));

    private static Uri WithSlash(Uri address) =>
        address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
}
