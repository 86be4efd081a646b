namespace Interphase.Studies;

/// <summary>The study file a person starts from.</summary>
public static class StudyTemplate
{
    /// <summary>A commented study file that is valid as it stands, but for the files it names.</summary>
    public const string Text =
        """
        # A study: samples, the raw files measured on them, and what to compare.
        # Run it with:  interphase study run study.yaml
        # Quantities are NUMBER [+- NUMBER] UNIT, with a decimal point. Paths are relative to this file; * and ? match several files.
        # docs/study-file.md describes every key.

        name: My coating study

        # Facts of the electrode that instrument files do not hold. A cell may override each.
        electrode:
          area: 0.785 cm2
          activeMass: 7.0 mg                  # or compositeMass with activeFraction
          molarMass: 96.55 g/mol              # of the material as weighed
          molarVolume: 20.73 cm3/mol
          particleRadius: 2 um
          interfaceArea: geometric            # an area (21 cm2), geometric, spheres, or: bet 0.3 m2/g
          nominalCapacity: 145.8 mAh/g        # what 1C means
          initialStoichiometry: 0.985         # of the positive electrode before the first record
          reference: { name: Li-In, potential: 0.62 V }
          configuration: two-electrode
          cell: half

        samples:
          - name: LNTO-450
            coating: { material: LiNb0.5Ta0.5O3, annealing: 450 degC, thickness: 7.5 nm }
            specimens:
              - { kind: pellet, technique: pellet-impedance, path: raw/450/pellet.mpr, thickness: 0.80 +- 0.02 mm, diameter: 10 mm, temperature: 25 degC }
            cells:
              - id: A1
                electrode: { activeMass: 7.1 mg }
                temperature: 25 degC
                stackPressure: 50 MPa
                files:
                  - { technique: cycling, path: raw/450/formation.mpr, role: formation }   # roles: formation, rate, cycling, afterCycling
                  - { technique: gitt, path: raw/450/gitt.mpr }
                  - { technique: voltammetry, path: raw/450/cv.mpr }
                  - { technique: impedance, path: "raw/450/peis_*.mpr", circuit: "R0-p(R1,CPE1)-p(R2,CPE2)-CPE3", axis: potential }

          - name: uncoated
            files:                             # short for one cell with these files
              - { technique: cycling, path: raw/uncoated/formation.mpr, role: formation }

        compare: { by: annealing }

        """;
}
