namespace ClosedLoop.Adapters;

/// <summary>What a translator made of a delivery.</summary>
public enum TranslationOutcome
{
    /// <summary>Facts, hints or both.</summary>
    Facts = 0,

    /// <summary>Understood and of no interest, or an event that this version does not know; counted, answered with success.</summary>
    Ignored = 1,

    /// <summary>Not what its sender's contract says; quarantined with its raw bytes.</summary>
    Malformed = 2,
}
