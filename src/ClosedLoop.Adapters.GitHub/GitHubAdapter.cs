using System.Collections.Immutable;
using ClosedLoop.Adapters.GitHub.Explaining;
using ClosedLoop.Adapters.GitHub.Probing;
using ClosedLoop.Adapters.GitHub.Webhooks;
using ClosedLoop.Facts;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Adapters.GitHub;

/// <summary>The GitHub adapter: pull requests, reviews, checks and deployments of GitHub and GitHub Enterprise Server.</summary>
public static class GitHubAdapter
{
    /// <summary>The adapter's name and the last segment of its webhook's address.</summary>
    public const string Name = "github";

    /// <summary>The largest delivery that GitHub sends: 25 MB.</summary>
    public const int MaxBodyBytes = 25 * 1024 * 1024;

    /// <summary>
    /// Says what this adapter makes of a file, offline and without configuration: the body of a delivery, an object of the REST API, an answer of
    /// GraphQL, or a list of them. Safe from several threads; never throws for what the file holds.
    /// </summary>
    /// <param name="input">The file, in UTF-8; at most <see cref="MaxBodyBytes"/>.</param>
    /// <param name="eventName">
    /// The event, as in <c>X-GitHub-Event</c>; null: found from the file's members. <c>rollup</c>: an answer with the checks of a commit, counted as
    /// <c>pass</c>, <c>fail</c>, <c>pending</c>, <c>cancelled</c> and <c>skipped</c> in the summary; <c>rollup-required</c>: only those that
    /// the branch's rules ask for.
    /// </param>
    public static PayloadExplanation Explain(ReadOnlyMemory<byte> input, string? eventName) => PayloadExplainer.Explain(input, eventName);

    /// <summary>Makes the adapter's registration.</summary>
    /// <param name="options">Validated and copied; later changes have no effect.</param>
    /// <param name="http">
    /// The client for the API, owned by the caller. Null: one is made that follows no redirects by itself and lives as long as the
    /// registration. The token is set on each request, never on the client.
    /// </param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where refused and failed requests are noted; no secret is ever written.</param>
    /// <exception cref="InvalidOperationException">The options have mistakes; the message lists each with its path and fix.</exception>
    public static AdapterRegistration Create(GitHubOptions options, HttpClient? http, TimeProvider time, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var settings = new GitHubSettings(options);
        var probe = CredentialsOf(options, time) is { } credentials ? new GitHubProbe(settings, new GitHubClient(http ?? GitHubClient.CreateHttp(), credentials, settings, time, logger)) : null;
        return new AdapterRegistration
        {
            Name = Name,
            Writers = [GitHubWriters.SourceControl, GitHubWriters.Ci, GitHubWriters.Deployer],
            Gates = [Gates.PrOpened, Gates.Reviewed, Gates.Merged, Gates.MainCi, Gates.RolledOut],
            Authenticator = options.ReceiveWebhooks ? new GitHubWebhookAuthenticator(options.WebhookSecret!, options.PreviousWebhookSecret) : null,
            Translator = options.ReceiveWebhooks ? new GitHubWebhookTranslator(settings) : null,
            Probe = probe,
            ProbeSchemes = probe is null ? [] : [KeySchemes.PullRequest, KeySchemes.Commit],
            ReadsLines = probe is not null,
            PollInterval = options.PollInterval,
            QuietPollInterval = options.QuietPollInterval,
            CallsPerHour = options.CallsPerHour,
            MaxKeysPerProbe = ChunkMemory.Most,
            MaxBodyBytes = MaxBodyBytes,
        };
    }

    internal static GitHubCredentials? CredentialsOf(GitHubOptions options, TimeProvider time) =>
        options.App is { } app ? new AppCredentials(app.ClientId!, app.InstallationId, app.PrivateKey!, time)
        : options.Token is { } token ? new StaticToken(token)
        : null;
}
