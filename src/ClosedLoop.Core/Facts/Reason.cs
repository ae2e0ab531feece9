using System.Text.Json.Serialization;

namespace ClosedLoop.Facts;

/// <summary>Why a gate has its status.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Reason>))]
public enum Reason
{
    /// <summary>Nothing was observed.</summary>
    None = 0,

    /// <summary>Evidence about exactly this change.</summary>
    Exact = 1,

    /// <summary>Evidence about a build, image or rollout that contains this change.</summary>
    CoveredBy = 2,

    /// <summary>Some of the parts (checks, targets, changes) have evidence, not all.</summary>
    Partial = 3,

    /// <summary>Replaced by a newer run before it finished: neither pass nor fail.</summary>
    Superseded = 4,

    /// <summary>Cancelled before it finished: neither pass nor fail.</summary>
    Cancelled = 5,

    /// <summary>The source skipped it; a skip verifies nothing.</summary>
    Skipped = 6,

    /// <summary>The source finished without a verdict (neutral, stale, no data).</summary>
    Inconclusive = 7,

    /// <summary>The gate's source cannot be reached: neither pass nor breach.</summary>
    Blind = 8,

    /// <summary>It was passed and no longer holds.</summary>
    Regressed = 9,

    /// <summary>A named person waived the gate.</summary>
    Waived = 10,

    /// <summary>A named person recorded the gate by hand.</summary>
    Recorded = 11,

    /// <summary>The change was closed without being merged.</summary>
    Abandoned = 12,

    /// <summary>The source sent a value that this version does not know; it counts as no evidence.</summary>
    Unrecognized = 13,

    /// <summary>The source cannot ever give evidence as configured (for instance, an environment that does not exist).</summary>
    Misconfigured = 14,

    /// <summary>The source waits for a person (an approval, a manual job).</summary>
    AwaitingApproval = 15,

    /// <summary>The gate was added to the pipeline after this item had passed that point.</summary>
    AddedLater = 16,

    /// <summary>A migration set it from older records; metrics can leave it out.</summary>
    Migrated = 17,

    /// <summary>The change is a draft.</summary>
    Draft = 18,

    /// <summary>The commit is on the line, but what it brought is not: a later commit that does not say so took it away.</summary>
    Lost = 19,

    /// <summary>It landed before tracking began on this line or environment: neither shipped nor stuck.</summary>
    Baseline = 20,

    /// <summary>The version that runs was marked bad and counts as running nothing new until a newer one, or until it is released.</summary>
    Vetoed = 21,

    /// <summary>Healthy so far, and not yet for as long as the gate asks.</summary>
    Soaking = 22,
}
