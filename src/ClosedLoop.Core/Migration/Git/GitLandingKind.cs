using System.Text.Json.Serialization;

namespace ClosedLoop.Migration;

/// <summary>How a commit got onto its line, as far as the history itself tells.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GitLandingKind>))]
public enum GitLandingKind
{
    /// <summary>One parent, and no pull request named at the end of the subject: a push, a rebase, or a squash that lost its number.</summary>
    Direct = 0,

    /// <summary>One parent, and a subject that ends with <c>(#123)</c>, as source hosts write it for a squashed pull request.</summary>
    Squash = 1,

    /// <summary>Two or more parents.</summary>
    Merge = 2,
}
