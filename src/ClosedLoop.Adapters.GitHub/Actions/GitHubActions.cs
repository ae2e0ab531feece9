using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClosedLoop.Adapters.GitHub.Actions;
using ClosedLoop.Adapters.GitHub.GraphQl;
using ClosedLoop.Adapters.GitHub.Probing;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Adapters.GitHub;

/// <summary>
/// What can be done to a pull request on GitHub: enable auto-merge, merge, put into the merge queue, revert. Only where
/// <see cref="GitHubOptions.AllowActions"/> says so. ClosedLoop itself never calls them.
/// </summary>
/// <remarks>
/// Safe from several threads. Every action looks first whether it is done already, so it can be asked for again after any outcome. What GitHub refuses is a
/// result; only the caller's own cancellation and mistakes in arguments are thrown.
/// </remarks>
public sealed class GitHubActions : IDisposable
{
    private const int MaxText = 10_000;

    private readonly GitHubSettings _settings;
    private readonly GitHubClient _client;
    private readonly SemaphoreSlim _reverting = new(1, 1);

    private readonly HttpClient? _owned;

    private GitHubActions(GitHubSettings settings, GitHubClient client, HttpClient? owned) => (_settings, _client, _owned) = (settings, client, owned);

    /// <summary>Makes the actions from options, which are checked and copied.</summary>
    /// <param name="options">With <see cref="GitHubOptions.AllowActions"/>, and a <see cref="GitHubOptions.Token"/> or <see cref="GitHubOptions.App"/> that may write pull requests and contents.</param>
    /// <param name="http">The client for the API, owned by the caller. Null: one is made that follows no redirects by itself.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where refused and failed requests are noted; no secret is ever written.</param>
    /// <exception cref="InvalidOperationException">The options have mistakes or do not allow actions; the message lists each with its path and fix.</exception>
    public static GitHubActions Create(GitHubOptions options, HttpClient? http, TimeProvider time, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var settings = new GitHubSettings(options);
        if (!options.AllowActions) throw new InvalidOperationException("GitHub:AllowActions is false, so nothing is changed on GitHub; set it to true to merge and revert through ClosedLoop.");
        var owned = http is null ? GitHubClient.CreateHttp() : null;
        return new GitHubActions(settings, new GitHubClient(http ?? owned!, GitHubAdapter.CredentialsOf(options, time)!, settings, time, logger), owned);
    }

    /// <summary>Lets go of the connections, where the client was made here. No action may be under way.</summary>
    public void Dispose()
    {
        _reverting.Dispose();
        _owned?.Dispose();
    }

    /// <summary>Has GitHub merge a pull request once its branch's rules are met.</summary>
    /// <param name="repository">The repository, <c>owner/name</c>.</param>
    /// <param name="number">The pull request's number.</param>
    /// <param name="expectedHead">The full id of the commit that was judged: another head is not merged.</param>
    /// <param name="method">How.</param>
    /// <param name="cancellationToken">Stops waiting; it may happen all the same.</param>
    /// <exception cref="ArgumentException">The repository, the number or the commit is not one.</exception>
    public async Task<GitHubActionResult> EnableAutoMergeAsync(string repository, long number, string expectedHead, GitHubMergeMethod method, CancellationToken cancellationToken = default)
    {
        string head = Check(repository, number, expectedHead);
        var (state, stop) = await LookAsync(ActionDocument.Look, repository, number, head, cancellationToken).ConfigureAwait(false);
        if (state is null) return stop!;
        if (state.HasAutoMerge) return Result(GitHubActionOutcome.AlreadyDone);
        var variables = new JsonObject { ["id"] = state.Id, ["head"] = head, ["method"] = method.ToString().ToUpperInvariant() };
        return await MutateAsync(ActionDocument.EnableAutoMerge, variables, "enablePullRequestAutoMerge", static _ => Result(GitHubActionOutcome.Done), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Merges a pull request now.</summary>
    /// <inheritdoc cref="EnableAutoMergeAsync" path="/param|/exception"/>
    public async Task<GitHubActionResult> MergeAsync(string repository, long number, string expectedHead, GitHubMergeMethod method, CancellationToken cancellationToken = default)
    {
        string head = Check(repository, number, expectedHead);
        var (state, stop) = await LookAsync(ActionDocument.Look, repository, number, head, cancellationToken).ConfigureAwait(false);
        if (state is null) return stop!;
        string path = string.Create(CultureInfo.InvariantCulture, $"repos/{repository}/pulls/{number}/merge");
        var body = new JsonObject { ["sha"] = head, ["merge_method"] = method.ToString().ToLowerInvariant() };
        using var reply = await _client.ChangeAsync(HttpMethod.Put, path, body, asApp: false, cancellationToken).ConfigureAwait(false);
        switch (reply.Status)
        {
            case 405:
                return Result(GitHubActionOutcome.NotMergeable, $"GitHub does not merge it: {Said(reply)}");
            case 409:
                return Result(GitHubActionOutcome.HeadMoved, "it has another head by now, and that one was not judged");
        }
        if (Failed(reply) is { } failed) return failed;
        var root = reply.Document?.RootElement ?? default;
        // Anything but a clear yes is none.
        if (root.Flag("merged") != true) return Result(GitHubActionOutcome.Unreachable, "GitHub's answer does not say that it is merged; look again");
        return Result(GitHubActionOutcome.Done) with { MergeCommit = root.Text("sha") is { } sha && KeyText.IsCommit(sha) ? sha.ToLowerInvariant() : null };
    }

    /// <summary>Puts a pull request into the merge queue of its base branch.</summary>
    /// <inheritdoc cref="EnableAutoMergeAsync" path="/param|/exception"/>
    public async Task<GitHubActionResult> EnqueueAsync(string repository, long number, string expectedHead, CancellationToken cancellationToken = default)
    {
        string head = Check(repository, number, expectedHead);
        var (state, stop) = await LookAsync(ActionDocument.Look, repository, number, head, cancellationToken).ConfigureAwait(false);
        if (state is null) return stop!;
        if (state.IsQueued) return Result(GitHubActionOutcome.AlreadyDone) with { QueuePosition = state.QueuePosition };
        return await MutateAsync(
            ActionDocument.Enqueue,
            new JsonObject { ["id"] = state.Id, ["head"] = head },
            "enqueuePullRequest",
            static done => Result(GitHubActionOutcome.Done) with { QueuePosition = done.Field("mergeQueueEntry").Long("position") },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Opens a pull request that takes back a merged one, unless there is one: among the newest 100 open and the newest 100 merged ones of the repository (not of forks), by
    /// the branch <c>revert-NUMBER-…</c> or by <c>Reverts #NUMBER</c> in the description.
    /// </summary>
    /// <remarks>GitHub itself would make a second one. Two processes that ask at the same moment can still make two; one process does not.</remarks>
    /// <param name="repository">The repository, <c>owner/name</c>.</param>
    /// <param name="number">The pull request's number.</param>
    /// <param name="title">Its title; null: GitHub's own.</param>
    /// <param name="body">Its description; the line that says what it reverts is added. Null: only that.</param>
    /// <param name="cancellationToken">Stops waiting; it may happen all the same.</param>
    /// <exception cref="ArgumentException">The repository or the number is not one, or a text has more than 10,000 characters.</exception>
    public async Task<GitHubActionResult> RevertAsync(string repository, long number, string? title = null, string? body = null, CancellationToken cancellationToken = default)
    {
        Check(repository, number, null);
        if (title?.Length > MaxText) throw new ArgumentException("The title has more than 10,000 characters.", nameof(title));
        if (body?.Length > MaxText) throw new ArgumentException("The description has more than 10,000 characters.", nameof(body));
        await _reverting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var (state, stop) = await LookAsync(ActionDocument.LookForRevert, repository, number, null, cancellationToken).ConfigureAwait(false);
            if (state is null) return stop!;
            if (state.Revert is { } existing) return Result(GitHubActionOutcome.AlreadyDone, string.Create(CultureInfo.InvariantCulture, $"#{existing} reverts it already")) with { RevertNumber = existing };
            if (!state.IsMerged) return Result(GitHubActionOutcome.NotMerged, "it is not merged, so there is nothing to take back");
            // By this line the next look finds it, whatever its branch is called.
            string line = string.Create(CultureInfo.InvariantCulture, $"Reverts {repository}#{number}");
            var variables = new JsonObject { ["id"] = state.Id, ["title"] = title, ["body"] = body is null ? line : $"{line}\n\n{body}" };
            return await MutateAsync(
                ActionDocument.Revert,
                variables,
                "revertPullRequest",
                static done => done.Field("revertPullRequest").Long("number") is { } made
                    ? Result(GitHubActionOutcome.Done) with { RevertNumber = made }
                    : Result(GitHubActionOutcome.Unreachable, "GitHub's answer does not name the pull request that reverts; ask again"),
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _reverting.Release();
        }
    }

    private static string Check(string repository, long number, string? head)
    {
        if (!RepositoryName.IsValid(repository)) throw new ArgumentException("The repository is not owner/name.", nameof(repository));
        if (number is <= 0 or > int.MaxValue) throw new ArgumentOutOfRangeException(nameof(number), number, "A pull request's number is 1 or more.");
        if (head is null) return "";
        return KeyText.IsCommit(head) ? head.ToLowerInvariant() : throw new ArgumentException("The expected head is not a full commit id.", nameof(head));
    }

    private async Task<(PullRequestState? State, GitHubActionResult? Stop)> LookAsync(string document, string repository, long number, string? head, CancellationToken cancellationToken)
    {
        if (!_settings.Watches(repository)) return (null, Result(GitHubActionOutcome.Forbidden, $"{repository} is not in GitHub:Repositories, so nothing is changed there"));
        int slash = repository.IndexOf('/', StringComparison.Ordinal);
        var variables = new JsonObject { ["owner"] = repository[..slash], ["name"] = repository[(slash + 1)..], ["number"] = number };
        using var reply = await _client.QueryAsync(document, variables, cancellationToken).ConfigureAwait(false);
        if (Failed(reply) is { } failed) return (null, failed);
        var root = reply.Document!.RootElement;
        var state = PullRequestState.Read(root.Field("data").Field("repository"), repository, number);
        // Without the whole list a second revert could be made.
        if (Refused(root) is { } refused) return (null, refused);
        if (state is null) return (null, Result(GitHubActionOutcome.NotFound, "GitHub does not show this pull request to this token"));
        if (head is null) return (state, null);
        if (state.IsMerged) return (null, Result(GitHubActionOutcome.AlreadyDone) with { MergeCommit = state.MergeCommit });
        if (state.State != "OPEN") return (null, Result(GitHubActionOutcome.NotMergeable, "it is closed"));
        return state.Head == head ? (state, null) : (null, Result(GitHubActionOutcome.HeadMoved, $"its head is {state.Head} by now, and that one was not judged"));
    }

    private async Task<GitHubActionResult> MutateAsync(string document, JsonObject variables, string name, Func<JsonElement, GitHubActionResult> read, CancellationToken cancellationToken)
    {
        using var reply = await _client.QueryAsync(document, variables, cancellationToken).ConfigureAwait(false);
        if (Failed(reply) is { } failed) return failed;
        var root = reply.Document!.RootElement;
        if (Refused(root) is { } refused) return refused;
        var done = root.Field("data").Field(name);
        return done.IsObject() ? read(done) : Result(GitHubActionOutcome.Unreachable, "GitHub's answer says neither that it did it nor why not; ask again");
    }

    private GitHubActionResult? Refused(JsonElement root)
    {
        var errors = GraphQlErrors.Read(root);
        if (errors.IsRateLimited)
        {
            return Result(GitHubActionOutcome.RateLimited, "GitHub limits the rate of queries") with { RetryAt = _client.RefusedInBody(null) };
        }
        return errors.FirstEntry is { } error ? Result(ActionRefusal.Of(error), $"GitHub refused: {SourceText.Quote(error.Message)}") : null;
    }

    private static GitHubActionResult? Failed(GitHubReply reply) => reply switch
    {
        { Kind: ReplyKind.Ok } => null,
        { Kind: ReplyKind.RateLimited } => Result(GitHubActionOutcome.RateLimited, reply.Detail) with { RetryAt = reply.RetryAt },
        { Kind: ReplyKind.NotFound } => Result(GitHubActionOutcome.NotFound, "GitHub does not show this pull request to this token (404)"),
        { Status: 403 } => Result(GitHubActionOutcome.Forbidden, $"GitHub's token may not do this (403): {Said(reply)}; give it write access to pull requests and contents"),
        { Status: 400 or 405 or 409 or 422 } => Result(GitHubActionOutcome.Refused, $"GitHub refused ({reply.Status}): {Said(reply)}"),
        _ => Result(GitHubActionOutcome.Unreachable, reply.Detail),
    };

    private static string Said(GitHubReply reply) => reply.Message is { } message ? SourceText.Quote(message) : "it does not say why";

    private static GitHubActionResult Result(GitHubActionOutcome outcome, string? detail = null) => new() { Outcome = outcome, Detail = detail };
}
