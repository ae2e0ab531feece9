using System.Text.Json.Serialization;

namespace ClosedLoop.Lines;

/// <summary>How a change is in the commit that evidence is about.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CoverageRelation>))]
public enum CoverageRelation
{
    /// <summary>It is the change's own landing.</summary>
    Exact = 0,

    /// <summary>It comes after the landing and contains it.</summary>
    Ancestor = 1,

    /// <summary>It is, or contains, a commit with the same content: a cherry-pick, a rebase, a squash.</summary>
    Equivalent = 2,
}
