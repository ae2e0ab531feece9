using System.Text.Json;
using ClosedLoop.Adapters.GitHub.GraphQl;

namespace ClosedLoop.Adapters.GitHub.Probing;

/// <summary>An answer to a query that holds data, or why there is none.</summary>
internal sealed class GraphQlAnswer(GitHubReply reply) : IDisposable
{
    /// <summary>The answer's data; not an object when there is none, and then the probe has been told why unless <see cref="AskLess"/>.</summary>
    public JsonElement Data { get; init; }

    public GraphQlErrors? Errors { get; init; }

    /// <summary>See <see cref="GitHubReply.AsOf"/>.</summary>
    public DateTimeOffset? AsOf => reply.AsOf;

    public ReplyKind Kind => reply.Kind;

    /// <summary>Whether a smaller question may be answered.</summary>
    public bool AskLess => reply.Kind is ReplyKind.TooSlow or ReplyKind.TooLarge;

    public void Dispose() => reply.Dispose();
}
