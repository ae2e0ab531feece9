using ClosedLoop.Adapters.GitLab.Probing;
using ClosedLoop.Adapters.GitLab.Webhooks;
using ClosedLoop.Adapters.SourceHosts;
using ClosedLoop.Facts;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Adapters.GitLab;

/// <summary>GitLab, hosted or self-managed: merge requests, approvals, pipelines and deployments, by webhook and by poll.</summary>
public static class GitLabAdapter
{
    /// <summary>The default of the adapter's name, which is also the last segment of its webhook's address: <c>gitlab</c>.</summary>
    public const string Name = "gitlab";

    /// <summary>The largest delivery that is taken: 25 MB, GitLab's own limit of a webhook's payload.</summary>
    public const int MaxBodyBytes = 25 * 1024 * 1024;

    /// <summary>The writer of merge requests, approvals, merges and lines: <c>scm:gitlab</c> (with another name when the options name one).</summary>
    public static Writer Writer { get; } = new(WriterRoles.SourceControl, Name);

    /// <summary>Makes the adapter from options, which are checked and copied.</summary>
    /// <param name="options">Which GitLab, and which of its projects.</param>
    /// <param name="http">Sends the requests; made with <see cref="SourceClient.CreateHandler"/>, without a time limit of its own. It is not disposed.</param>
    /// <param name="time">The clock of time limits and of <c>Retry-After</c>.</param>
    /// <exception cref="OptionsValidationException">An option is missing or wrong; the message names each one and how to fix it.</exception>
    public static AdapterRegistration Create(GitLabOptions options, HttpClient http, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(time);
        var problems = options.Validate();
        if (problems.Count > 0) throw new OptionsValidationException(GitLabOptionsRules.Section, typeof(GitLabOptions), problems);
        var settings = GitLabSettings.From(options);
        var probe = options.Token is { } token ? MakeProbe(options, settings, token, http, time) : null;
        return new AdapterRegistration
        {
            Name = options.Name,
            Writers = [settings.Host.SourceControl, settings.Host.Ci, settings.Host.Deployer],
            Gates = [Gates.PrOpened, Gates.Reviewed, Gates.Merged, Gates.MainCi, Gates.RolledOut],
            Authenticator = options.ReceiveWebhooks ? new GitLabAuthenticator(options) : null,
            Translator = options.ReceiveWebhooks ? new GitLabTranslator(settings) : null,
            Probe = probe,
            ProbeSchemes = probe is null ? [] : [KeySchemes.PullRequest, KeySchemes.Commit],
            ReadsLines = probe is not null,
            PollInterval = options.PollInterval,
            QuietPollInterval = options.QuietPollInterval,
            CallsPerHour = options.CallsPerHour,
            MaxBodyBytes = MaxBodyBytes,
            // Four failures in a row and GitLab turns the webhook off: what is stored is answered with success.
            MalformedStatusCode = 202,
        };
    }

    /// <summary>
    /// What the adapter makes of a webhook's body, an object or list of GitLab's API (merge requests, approvals, pipelines, deployments, places in a merge train, commits),
    /// offline and without configuration: every branch is taken for a line. Never throws for what the input holds.
    /// </summary>
    /// <param name="input">JSON; 25 MB at most.</param>
    /// <param name="eventName">What it is, when it does not say so itself: the header <c>X-Gitlab-Event</c>, or <c>merge_request</c>, <c>approvals</c>, <c>pipeline</c>, <c>deployment</c>, <c>merge_train</c> or <c>commit</c>.</param>
    public static PayloadExplanation Explain(ReadOnlyMemory<byte> input, string? eventName) => GitLabExplanation.Explain(input, eventName);

    private static HostProbe MakeProbe(GitLabOptions options, GitLabSettings settings, string token, HttpClient http, TimeProvider time)
    {
        var source = new SourceClient(GitLabOptionsRules.Section, new Uri(settings.Host.WebAddress, "api/v4/"), http, time)
        {
            RequestTimeout = options.RequestTimeout,
            Prepare = request =>
            {
                request.Headers.TryAddWithoutValidation("PRIVATE-TOKEN", token);
                request.Headers.TryAddWithoutValidation("Accept", "application/json");
                request.Headers.TryAddWithoutValidation("User-Agent", "ClosedLoop");
            },
        };
        return new HostProbe(settings.Host, new HostClient(source, time, options.MinRemainingRequests), session => new GitLabReader(session, settings), GitLabSettings.MaxSegments);
    }
}
