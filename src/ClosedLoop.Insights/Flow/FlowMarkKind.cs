namespace ClosedLoop.Insights.Flow;

/// <summary>Why weeks on both sides of a mark are not comparable.</summary>
public enum FlowMarkKind
{
    /// <summary>The first change of this pipeline's record: before it nothing was observed.</summary>
    TrackingBegan = 0,

    /// <summary>Items were brought in by a migration; counts of what peers call completed drop here.</summary>
    Migrated = 1,

    /// <summary>Completions are judged by another DONE definition from here on.</summary>
    DoneDefinitionChanged = 2,
}
