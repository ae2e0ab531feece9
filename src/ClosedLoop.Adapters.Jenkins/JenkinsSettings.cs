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

    private JenkinsSettings(ImmutableArray<JobRule> jobs)
    {
        Jobs = jobs;
        // Jenkins itself does not let two items of a folder differ by case only.
        _jobs = jobs.ToFrozenDictionary(static j => j.Name, StringComparer.OrdinalIgnoreCase);
    }

    public ImmutableArray<JobRule> Jobs { get; }

    /// <summary>Where the API is, ending with '/'.</summary>
    public required Uri Base { get; init; }

    /// <summary>Where people see Jenkins, ending with '/': the root of every build's key.</summary>
    public required Uri Root { get; init; }

    public required UnstableMeans UnstableMeans { get; init; }

    public required int MaxBuildsPerSweep { get; init; }

    public required TimeSpan RequestTimeout { get; init; }

    public required AuthenticationHeaderValue? Authorization { get; init; }

    public JobRule? Find(string name) => _jobs.GetValueOrDefault(name);

    public string BuildAddress(JobRule job, long number) => $"{Root.AbsoluteUri}{job.Address}/{number}";

    public Key BuildKey(JobRule job, long number) => Key.Build(BuildAddress(job, number));

    public static JenkinsSettings From(JenkinsOptions options)
    {
        var root = WithSlash(options.BaseAddress!);
        return new JenkinsSettings([.. options.Jobs.Select((job, i) => Freeze(options, job, i))])
        {
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

    private static JobRule Freeze(JenkinsOptions options, JenkinsJob job, int index)
    {
        bool shared = options.Jobs.Any(other => !ReferenceEquals(other, job) &&
            RemoteRepository.Normalize(other.Repository) == RemoteRepository.Normalize(job.Repository) &&
            (other.Branch is null || job.Branch is null || other.Branch == job.Branch));
        return new JobRule(index, JobName.Normalize(job.Path), RemoteRepository.Normalize(job.Repository), job.Branch, job.IsPartial ?? shared);
    }

    private static Uri WithSlash(Uri address) =>
        address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
}
