using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Facts;
using ClosedLoop.LoadRig.Ingest;
using ClosedLoop.LoadRig.Webhook;

namespace ClosedLoop.LoadRig.Http;

/// <summary>What is sent, and which gates an item must have passed when all of it is in.</summary>
internal sealed record Deliveries(string Name, IReadOnlyList<SignedPayload> Sent, int Unique, IReadOnlySet<string> Passed)
{
    private const string Repository = "acme/web";

    /// <summary>With these, a pull request is as long as GitHub's of a small team: about 22 KB.</summary>
    private const int Reviewers = 4;

    /// <summary>How often each is sent.</summary>
    public int Copies => Sent.Count / Unique;

    /// <summary>The dearest delivery there is, and nothing else: a pull request that nobody had heard of was merged. Three facts of an item of its own.</summary>
    public static Deliveries OfMergedPullRequests(int count, byte[] secret, DateTimeOffset now) => new(
        "merged pull requests",
        [.. Enumerable.Range(1, count).Select(number => Merged(Pull(number, now.AddMinutes(-150)), now, secret))],
        count,
        new HashSet<string>([Gates.PrOpened, Gates.Merged], StringComparer.Ordinal));

    /// <summary>What GitHub sends of merges that went all the way, seven deliveries each, each as often as asked, in an order drawn from a seed.</summary>
    public static Deliveries OfMerges(int merges, int copies, byte[] secret, DateTimeOffset now)
    {
        List<SignedPayload> unique = [.. Enumerable.Range(1, merges).SelectMany(number => OfMerge(number, secret, now))];
        return new Deliveries($"{merges} merges, {copies} copies", MergeSignals.Shuffled(unique, copies), unique.Count, new HashSet<string>([Gates.PrOpened, Gates.Reviewed, Gates.Merged, Gates.MainCi, Gates.RolledOut], StringComparer.Ordinal));
    }

    private static SignedPayload[] OfMerge(int number, byte[] secret, DateTimeOffset now)
    {
        var pull = Pull(number, now.AddMinutes(-150));
        var commit = new CommitPayload(number, pull.Sha);
        Key subject = Key.PullRequest(Repository, number), deployment = Key.Deployment($"github/{Repository}/{number}");
        return
        [
            Sign("pull_request", subject, Gates.PrOpened, pull.Opened()),
            Sign("pull_request_review", Key.Review(Repository, number, "bob"), Gates.Reviewed, pull.Approved(now.AddMinutes(-100))),
            Merged(pull, now.AddMinutes(-10), secret),
            Sign("push", Key.Branch(Repository, "main"), "push", commit.Pushed(now.AddMinutes(-10).AddMilliseconds(number))),
            Sign("workflow_run", Key.Build($"{PayloadParts.Page}/actions/runs/{number}"), Gates.MainCi, commit.Built(now.AddMinutes(-9), now.AddMinutes(-2))),
            Sign("deployment_status", deployment, Gates.RolledOut, commit.Deployed("in_progress", now.AddMinutes(-1))),
            Sign("deployment_status", deployment, Gates.RolledOut, commit.Deployed("success", now)),
        ];

        SignedPayload Sign(string @event, Key subject, string kind, byte[] body) => SignedPayload.Of(@event, pull.Item, pull.Sha, subject, kind, body, secret);
    }

    private static SignedPayload Merged(PullRequestPayload pull, DateTimeOffset at, byte[] secret) =>
        SignedPayload.Of("pull_request", pull.Item, pull.Sha, Key.PullRequest(Repository, pull.Number), Gates.Merged, pull.Merged(at), secret);

    private static PullRequestPayload Pull(int number, DateTimeOffset openedAt) => new(number, $"BL-{number}", MergeSignals.Sha(number), openedAt) { Reviewers = Reviewers };
}
