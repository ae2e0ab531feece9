namespace ClosedLoop;

/// <summary>Which agent makes a change, with what (mission/001: provenance per change).</summary>
/// <param name="Name">The agent's name.</param>
/// <param name="Model">Model name and version.</param>
/// <param name="Session">The agent's own session id.</param>
public sealed record AgentInfo(string Name, string? Model = null, string? Session = null)
{
    /// <summary>Which attempt within the session, from 1.</summary>
    public int? Iteration { get; init; }

    /// <summary>A digest of the prompt or specification that it works from, such as <c>sha256:…</c>.</summary>
    public string? PromptDigest { get; init; }
}
