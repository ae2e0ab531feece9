namespace ClosedLoop.Storage.Sqlite;

/// <summary>What the names in the table facet are names of. Stored; never renumbered.</summary>
internal enum FacetKind
{
    Repository = 0,
    Agent = 1,
    Priority = 2,
}
