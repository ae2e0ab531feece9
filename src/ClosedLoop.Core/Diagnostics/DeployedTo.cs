using ClosedLoop.Facts;

namespace ClosedLoop.Diagnostics;

/// <summary>Reads the environment from the subject of a rollout's evidence. Pure.</summary>
internal static class DeployedTo
{
    /// <summary>
    /// The environment, such as <c>production</c> of <c>environment:production/web</c> or of one entry of its history, <c>deployment:production/web@…</c>; null for a deployment
    /// that only its source can name, as <c>deployment:github/acme/web/17</c>.
    /// </summary>
    public static string? Environment(Key? subject)
    {
        if (subject is not { } key) return null;
        int at = key.Value.IndexOf('@', StringComparison.Ordinal);
        if (!key.Is(KeySchemes.Environment) && !(key.Is(KeySchemes.Deployment) && at >= 0)) return null;
        string name = at < 0 ? key.Value : key.Value[..at];
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? name : name[..slash];
    }
}
